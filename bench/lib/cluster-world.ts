import { type Database, openDatabase } from '../../src/database/database.ts'
import { LARGEST_GROUP } from '../../src/log/writer.ts'
import { groupKey, type Residents, residentsOf, sessionKey, userKey } from './world.ts'

/** Groups of everybody: to fan out in, and one for each number of nodes with listeners, none included. */
export const EVERYBODY = 0
export const listeningGroup = (nodes: number) => 1 + nodes
const LARGE_GROUPS = 5

/** Enough for each message of a transaction to go to one of its own. */
export const SMALL_GROUPS = LARGEST_GROUP
const MEMBERS = 20
export const smallGroup = (index: number) => LARGE_GROUPS + (index % SMALL_GROUPS)
/** One of its members. */
export const memberOf = (index: number, users: number) => (index % SMALL_GROUPS) % users

const CREATED = new Date('2026-01-01T00:00:00Z')
const FAR = new Date('2100-01-01T00:00:00Z')

/** A database of PostgreSQL's with users in large and in small groups. @param url of one that is empty */
export async function createClusterWorld(url: string, users: number): Promise<Residents> {
  const everybody = Array.from({ length: users }, (_, user) => user)
  const small = (index: number) =>
    Array.from({ length: Math.min(MEMBERS, users) }, (_, step) => memberOf(index + step, users))
  const groups = [
    ...Array.from({ length: LARGE_GROUPS }, () => everybody),
    ...Array.from({ length: SMALL_GROUPS }, (_, index) => [...new Set(small(index))]),
  ]
  const database = await openDatabase(url)
  try {
    await populate(database, everybody, groups)
  } finally {
    await database.close()
  }
  return residentsOf(url, groups.length)
}

async function populate(database: Database, users: number[], groups: number[][]): Promise<void> {
  await database.writeSql(async (sql) => {
    await sql.insert(
      'User',
      users.map((user) => {
        const username = `user${user}`
        return {
          id: userKey(user),
          username,
          usernameKey: username,
          displayName: `User ${user}`,
          createdAt: CREATED,
        }
      }),
    )
    await sql.insert(
      'Session',
      users.map((user) => ({
        id: sessionKey(user),
        userId: userKey(user),
        createdAt: CREATED,
        lastUsedAt: CREATED,
        expiresAt: FAR,
      })),
    )
    await sql.insert(
      'Conversation',
      groups.map((_, group) => ({
        id: groupKey(group),
        kind: 'GROUP',
        name: `Group ${group}`,
        visibility: 'PRIVATE',
        createdAt: CREATED,
      })),
    )
    await sql.insert(
      'Member',
      groups.flatMap((members, group) =>
        members.map((user) => ({ conversationId: groupKey(group), userId: userKey(user), joinedAt: CREATED })),
      ),
    )
  })
}
