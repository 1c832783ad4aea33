import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { checkNewPassword, matchPassword, type Passwords } from '../auth/passwords.ts'
import type { SessionService, SignedIn } from '../auth/session-service.ts'
import type { Viewer } from '../auth/viewer.ts'
import type { Database, Transaction } from '../database/database.ts'
import { forUpdate } from '../database/sql-connection.ts'
import { badInput, type ChatError, conflict, notFound } from '../errors.ts'
import { Prisma, type User } from '../generated/prisma/client.ts'
import { leaveAllGroups } from '../group/departure.ts'
import { newId } from '../ids.ts'
import type { Writer } from '../log/writer.ts'
import { noteReferences } from '../media/media-references.ts'
import type { LoginGuard } from '../rates/login-guard.ts'
import { isStorable } from '../text.ts'
import { takeBackFromMessages } from './take-back.ts'
import { checkDisplayName, checkEmail, checkUsername } from './user-rules.ts'

export interface Registration {
  username: string
  email?: string | null | undefined
  password: string
  displayName?: string | null | undefined
}

/** What is left out stays as it is; null clears it. */
export interface ProfileChange {
  displayName?: string | null | undefined
  avatarUrl?: string | null | undefined
  email?: string | null | undefined
}

/** One of the two: the id of a row, or a username in any case. */
export interface UserKey {
  id?: string | null | undefined
  username?: string | null | undefined
}

export interface UserService {
  /** @throws ChatError BAD_USER_INPUT, or CONFLICT where the username or the email address is taken */
  register(registration: Registration, userAgent: string | null): Promise<SignedIn>
  /**
   * As `register`, without signing anybody in.
   * @throws ChatError BAD_USER_INPUT, or CONFLICT where the username or the email address is taken
   */
  create(registration: Registration): Promise<User>
  /** @returns null where there is none, or whose account is deleted */
  find(key: UserKey): Promise<User | null>
  /** As `find`. @throws ChatError NOT_FOUND where that finds nobody */
  resolve(key: UserKey): Promise<User>
  /** @throws ChatError BAD_USER_INPUT, or CONFLICT where the email address is taken */
  updateProfile(viewer: Viewer, change: ProfileChange): Promise<User>
  /**
   * Ends his sessions and memberships of groups, takes back his reactions, and frees his name. What he wrote stays.
   * @throws ChatError BAD_USER_INPUT where the password is wrong, RATE_LIMITED where it was too often
   */
  deleteAccount(viewer: Viewer, password: string): Promise<void>
  /**
   * As `deleteAccount`, for who needs no password: the server's owner.
   * @throws ChatError NOT_FOUND where there is no such account, or it is deleted already
   */
  eraseAccount(userId: string): Promise<void>
  /** Stores when his last connection closed, together with the others of that moment. */
  markSeen(userId: string, at: Date): Promise<void>
}

export function createUserService(deps: {
  database: Database
  writer: Writer
  passwords: Passwords
  sessions: SessionService
  loginGuard: LoginGuard
}): UserService {
  const { database, writer, passwords, sessions, loginGuard } = deps
  const seen = new Map<string, Date>()
  /** Resolves when those are stored. */
  let storing: Promise<void> = Promise.resolve()

  async function find({ id, username }: UserKey): Promise<User | null> {
    if (!isStorable(username ?? '')) return null
    const key = id != null ? Prisma.sql`"id" = ${id}` : Prisma.sql`"usernameKey" = ${username?.toLowerCase() ?? ''}`
    const [user] = await database.readSql.all<User>(
      Prisma.sql`SELECT * FROM "User" WHERE ${key} AND "deletedAt" IS NULL`,
    )
    return user ?? null
  }

  /** Hashes the password before a transaction begins, which would wait for it. */
  async function prepareAccount({ username, email, password, displayName }: Registration) {
    const name = checkUsername(username)
    const account = {
      ...name,
      ...checkEmail(email ?? null),
      ...checkDisplayName(displayName ?? name.username),
    }
    const hash = await passwords.hash(checkNewPassword(password, 'password'))
    return async (tx: Transaction): Promise<User> => {
      const { usernameKey, emailKey } = account
      if (await tx.user.findUnique({ where: { usernameKey } })) throw conflict('username', 'This username is taken.')
      await requireFreeEmail(tx, emailKey)
      const user = await tx.user.create({ data: { ...account, id: newId(), createdAt: new Date() } })
      await tx.password.create({ data: { userId: user.id, hash } })
      return user
    }
  }

  /** @param where the password as it must still be */
  async function erase(userId: string, where: Prisma.PasswordWhereInput, refusal: ChatError): Promise<void> {
    const ended = await writer.change(async (log) => {
      const { count } = await log.tx.password.deleteMany({ where })
      if (count === 0) throw refusal
      await log.tx.user.update({ where: { id: userId }, data: anonymous() })
      // By now nameless, also in what the groups are told.
      await leaveAllGroups(log, userId)
      await log.tx.block.deleteMany({ where: { OR: [{ userId }, { blockerId: userId }] } })
      await log.tx.ban.deleteMany({ where: { userId } })
      await takeBackFromMessages(log, userId)
      return sessions.deleteAll(log.sql, userId)
    })
    sessions.announceEnded(ended)
  }

  function takeSeen(): [string, Date][] {
    // In one order, so that no two nodes wait for each other's rows.
    const entries = [...seen].sort(([one], [other]) => (one < other ? -1 : 1))
    seen.clear()
    return entries
  }

  async function storeSeen(): Promise<void> {
    let entries: [string, Date][] | null = null
    try {
      await database.writeSql(async (sql) => {
        await nextTurn()
        entries ??= takeSeen()
        for (const [id, lastSeenAt] of entries) {
          await sql.run(
            Prisma.sql`UPDATE "User" SET "lastSeenAt" = ${lastSeenAt} WHERE "id" = ${id} AND "deletedAt" IS NULL`,
          )
        }
      })
    } finally {
      // Where nothing could be written, the next one to go begins anew.
      if (!entries) seen.clear()
    }
  }

  return {
    find,

    async register(registration, userAgent) {
      const insert = await prepareAccount(registration)
      return sessions.open(userAgent, async (tx) => (await insert(tx)).id)
    },

    async create(registration) {
      const insert = await prepareAccount(registration)
      return database.write((tx) => insert(tx))
    },

    async resolve(key) {
      const user = await find(key)
      if (!user) throw notFound('User')
      return user
    },

    async updateProfile({ userId }, { displayName, avatarUrl, email }) {
      if (displayName === null) throw badInput('displayName', 'The display name can’t be cleared.')
      const data = {
        ...(displayName !== undefined && checkDisplayName(displayName)),
        ...(avatarUrl !== undefined && { avatarUrl }),
        ...(email !== undefined && checkEmail(email)),
      }
      return database.write(async (tx, sql) => {
        if (data.emailKey) await requireFreeEmail(tx, data.emailKey, userId)
        // Nobody deletes the account meanwhile, whose name would come back.
        const [user] = await sql.all(Prisma.sql`SELECT u."id" FROM "User" u
          WHERE u."id" = ${userId} AND u."deletedAt" IS NULL ${forUpdate(sql, 'u', ['id'])}`)
        if (!user) throw notFound('User')
        await noteReferences(sql, [{ id: userId, url: avatarUrl }])
        return tx.user.update({ where: { id: userId }, data })
      })
    },

    async deleteAccount({ userId, sessionId }, password) {
      const refusal = badInput('password', 'Wrong password.')
      const match = await matchPassword({ database, passwords, loginGuard }, { id: userId }, password, { sessionId })
      if (!match) throw refusal
      await erase(userId, match, refusal)
    },

    eraseAccount: (userId) => erase(userId, { userId }, notFound('User')),

    markSeen(userId, at) {
      const isFirst = seen.size === 0
      seen.set(userId, at)
      // Whoever goes in this turn, or while that waits, goes with it: a thousand connections may close at once.
      if (isFirst) storing = storeSeen()
      // A failure is told once.
      return isFirst ? storing : storing.catch(() => {})
    },
  }
}

async function requireFreeEmail(tx: Transaction, emailKey: string | null, ownerId?: string): Promise<void> {
  const owner = emailKey && (await tx.user.findUnique({ where: { emailKey } }))
  if (owner && owner.id !== ownerId) throw conflict('email', 'This email address belongs to another account.')
}

function anonymous() {
  const username = `deleted-${randomBytes(8).toString('hex')}`
  return {
    username,
    usernameKey: username,
    email: null,
    emailKey: null,
    displayName: 'Deleted user',
    nameKey: '',
    avatarUrl: null,
    lastSeenAt: null,
    deletedAt: new Date(),
  }
}
