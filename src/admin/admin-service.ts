import type { CredentialService } from '../auth/credential-service.ts'
import type { SessionService } from '../auth/session-service.ts'
import type { Database } from '../database/database.ts'
import { ChatError } from '../errors.ts'
import { Prisma, type User } from '../generated/prisma/client.ts'
import type { UserService } from '../user/user-service.ts'

const LARGEST_LIST = 10_000

/** One signed-in device. The dates are ISO strings: a command's answer may come from another process. */
export interface ListedSession {
  id: string
  createdAt: string
  lastUsedAt: string
  expiresAt: string
  userAgent: string | null
}

export interface ListedGroup {
  id: string
  name: string
  visibility: 'PUBLIC' | 'PRIVATE'
  members: number
  messages: number
  owner: string | null
}

/** How much of everything there is. Messages are those of people, deleted ones included. */
export interface Totals {
  users: number
  sessions: number
  groups: number
  messages: number
  uploads: number
  /** In bytes. */
  uploadedBytes: number
}

/**
 * What the server's owner may do, whoever the accounts belong to. All answers are plain JSON.
 * Each rejects with a ChatError where the input is at fault: NOT_FOUND names who isn't there.
 */
export interface AdminService {
  createUser(input: NewUser): Promise<{ username: string; displayName: string }>
  /** Ends the user's sessions too. */
  resetPassword(input: { username: string; password: string }): Promise<{ username: string; endedSessions: number }>
  listSessions(input: { username: string }): Promise<ListedSession[]>
  endSessions(input: { username: string }): Promise<{ username: string; endedSessions: number }>
  /** @param input.limit groups at most, the one with the most members first */
  largestGroups(input: { limit: number }): Promise<ListedGroup[]>
  deleteAccount(input: { username: string }): Promise<{ username: string }>
  totals(input: Record<never, never>): Promise<Totals>
}

export interface NewUser {
  username: string
  password: string
  displayName?: string | undefined
  email?: string | undefined
}

export function createAdminService(deps: {
  database: Pick<Database, 'read' | 'readSql'>
  users: Pick<UserService, 'create' | 'find' | 'eraseAccount'>
  sessions: Pick<SessionService, 'endAll'>
  credentials: Pick<CredentialService, 'resetPassword'>
}): AdminService {
  const { database, users, sessions, credentials } = deps

  async function resolve(username: string): Promise<User> {
    const user = await users.find({ username })
    if (!user) throw new ChatError('NOT_FOUND', `There is no user named ${username}.`)
    return user
  }

  return {
    async createUser(input) {
      const { username, displayName } = await users.create(input)
      return { username, displayName }
    },

    async resetPassword({ username, password }) {
      const user = await resolve(username)
      return { username: user.username, endedSessions: await credentials.resetPassword(user.id, password) }
    },

    async listSessions({ username }) {
      const { id: userId } = await resolve(username)
      const found = await database.read.session.findMany({ where: { userId }, orderBy: { lastUsedAt: 'desc' } })
      return found.map(({ id, createdAt, lastUsedAt, expiresAt, userAgent }) => ({
        id,
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        userAgent,
      }))
    },

    async endSessions({ username }) {
      const user = await resolve(username)
      return { username: user.username, endedSessions: await sessions.endAll(user.id) }
    },

    async largestGroups({ limit }) {
      const groups = await database.readSql.all<Record<keyof ListedGroup, unknown>>(Prisma.sql`
        SELECT c."id", c."name", c."visibility", c."textCount" AS "messages", counted."members", u."username" AS "owner"
        FROM (SELECT "conversationId", count(*) AS "members" FROM "Member" GROUP BY "conversationId") AS counted
        JOIN "Conversation" c ON c."id" = counted."conversationId"
        LEFT JOIN "Member" m ON m."conversationId" = c."id" AND m."role" = 'OWNER'
        LEFT JOIN "User" u ON u."id" = m."userId"
        WHERE c."kind" = 'GROUP'
        ORDER BY counted."members" DESC, c."id" LIMIT ${Math.min(limit, LARGEST_LIST)}`)
      // PostgreSQL counts in 64 bits, which come as something else than a number.
      return groups.map(
        (group) => ({ ...group, members: Number(group.members), messages: Number(group.messages) }) as ListedGroup,
      )
    },

    async deleteAccount({ username }) {
      const user = await resolve(username)
      await users.eraseAccount(user.id)
      return { username: user.username }
    },

    async totals() {
      const { read } = database
      const [users, sessions, groups, { _sum: written }, { _count: uploads, _sum: stored }] = await Promise.all([
        read.user.count({ where: { deletedAt: null } }),
        read.session.count(),
        read.conversation.count({ where: { kind: 'GROUP' } }),
        read.conversation.aggregate({ _sum: { textCount: true } }),
        read.media.aggregate({ _count: true, _sum: { size: true } }),
      ])
      return {
        users,
        sessions,
        groups,
        messages: written.textCount ?? 0,
        uploads,
        uploadedBytes: stored.size ?? 0,
      }
    },
  }
}
