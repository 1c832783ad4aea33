import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteConnection from 'better-sqlite3'
import { createAccessTokens } from '../../src/auth/access-tokens.ts'
import { openDatabase } from '../../src/database/database.ts'
import { encodeId } from '../../src/ids.ts'

// A server that is overloaded has no time to read the answers, and would drop everybody after its usual twelve.
const PING_INTERVAL = '60' // seconds
const SECRET = 'a secret of the bench that guards nothing'
export const NOW = '2026-01-01T00:00:00.000+00:00'

/** Who and what is in a database of the bench. */
export interface Residents {
  /** The settings of a server on it. */
  readonly env: Record<string, string>
  /** The id of each group, as clients see it. */
  readonly groupIds: string[]
  /** Signs a user in, without a password. */
  token(user: number): Promise<string>
}

/** A database with people and groups in it, written by SQL: thousands in a second. */
export interface World extends Residents {
  readonly path: string
  /** Opens the database, which no server may have open. */
  edit(work: (connection: SqliteConnection.Database) => void): void
}

export type WorldMaker = (name: string, size: { users: number; groups: number[][] }) => Promise<World>

/** @param folder that the databases lie in; the first one is migrated, and the others are copies of it */
export function createWorldMaker(folder: string): WorldMaker {
  const template = join(folder, 'template.db')
  let made = 0
  let migrated: Promise<void> | undefined

  return async (name, { users, groups }) => {
    migrated ??= openDatabase(`file:${template}`).then((database) => database.close())
    await migrated
    const path = join(folder, `${name}-${made++}.db`)
    copyFileSync(template, path)
    const world = openWorld(path, groups.length)
    world.edit((connection) => populate(connection, users, groups))
    return world
  }
}

/** @param databaseUrl of a database whose users, sessions and groups have the keys that this module gives */
export function residentsOf(databaseUrl: string, groups: number): Residents {
  const accessTokens = createAccessTokens(SECRET)
  return {
    env: { DATABASE_URL: databaseUrl, JWT_SECRET: SECRET, SEED_USERS: 'false', RATE_LIMITS: 'off', PING_INTERVAL },
    groupIds: Array.from({ length: groups }, (_, group) => encodeId('Group', groupKey(group))),
    token: async (user) => (await accessTokens.issue(userKey(user), sessionKey(user))).token,
  }
}

function openWorld(path: string, groups: number): World {
  return {
    ...residentsOf(`file:${path}`, groups),
    path,
    edit(work) {
      const connection = new SqliteConnection(path)
      try {
        connection.pragma('journal_mode = WAL')
        connection.transaction(work)(connection)
      } finally {
        connection.close()
      }
    },
  }
}

// As long as the ids that the server makes.
export const userKey = (user: number) => key('1', user)
export const groupKey = (group: number) => key('2', group)
export const sessionKey = (user: number) => key('3', user)
const key = (kind: string, number: number) => `${kind}0000000-0000-7000-8000-${String(number).padStart(12, '0')}`

function populate(connection: SqliteConnection.Database, users: number, groups: number[][]) {
  const addUser = connection.prepare(
    `INSERT INTO "User" ("id", "username", "usernameKey", "displayName", "createdAt") VALUES (?, ?, ?, ?, '${NOW}')`,
  )
  const addSession = connection.prepare(
    `INSERT INTO "Session" ("id", "userId", "createdAt", "lastUsedAt", "expiresAt")
     VALUES (?, ?, '${NOW}', '${NOW}', '2100-01-01T00:00:00.000+00:00')`,
  )
  const addGroup = connection.prepare(
    `INSERT INTO "Conversation" ("id", "kind", "name", "visibility", "createdAt")
     VALUES (?, 'GROUP', ?, 'PRIVATE', '${NOW}')`,
  )
  const addMember = connection.prepare(
    `INSERT INTO "Member" ("conversationId", "userId", "joinedAt") VALUES (?, ?, '${NOW}')`,
  )
  for (let user = 0; user < users; user++) {
    addUser.run(userKey(user), `user${user}`, `user${user}`, `User ${user}`)
    addSession.run(sessionKey(user), userKey(user))
  }
  for (const [group, members] of groups.entries()) {
    addGroup.run(groupKey(group), `Group ${group}`)
    for (const user of members) addMember.run(groupKey(group), userKey(user))
  }
}
