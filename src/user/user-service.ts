import { checkNewPassword, matchPassword, type Passwords } from '../auth/passwords.ts'
import type { SessionService, SignedIn } from '../auth/session-service.ts'
import type { Viewer } from '../auth/viewer.ts'
import type { Database, Transaction } from '../database/database.ts'
import { forUpdate } from '../database/sql-connection.ts'
import { badInput, type ChatError, conflict, notFound, unauthenticated } from '../errors.ts'
import { Prisma, type User } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'
import type { Writer } from '../log/writer.ts'
import { noteReferences } from '../media/media-references.ts'
import type { LoginGuard } from '../rates/login-guard.ts'
import { isStorable } from '../text.ts'
import { anonymiseAccount } from './anonymise-account.ts'
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
  /** @throws ChatError BAD_USER_INPUT, CONFLICT where the email address is taken, or UNAUTHENTICATED where the account is gone */
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
}

export function createUserService(deps: {
  database: Database
  writer: Writer
  passwords: Passwords
  sessions: SessionService
  loginGuard: LoginGuard
}): UserService {
  const { database, writer, passwords, sessions, loginGuard } = deps

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
      await anonymiseAccount(log, userId)
      return sessions.deleteAll(log.sql, userId)
    })
    sessions.announceEnded(ended)
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
        if (!user) throw unauthenticated('This account has been deleted.')
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
  }
}

async function requireFreeEmail(tx: Transaction, emailKey: string | null, ownerId?: string): Promise<void> {
  const owner = emailKey && (await tx.user.findUnique({ where: { emailKey } }))
  if (owner && owner.id !== ownerId) throw conflict('email', 'This email address belongs to another account.')
}
