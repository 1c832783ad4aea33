import { LRUCache } from 'lru-cache'
import type { Database, Transaction } from '../database/database.ts'
import { forShare, type SqlConnection, valuesAtLeastOnce } from '../database/sql-connection.ts'
import { inSteps } from '../database/steps.ts'
import { badInput, notFound, unauthenticated } from '../errors.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { type LoginGuard, noGuard } from '../rates/login-guard.ts'
import { createAccessTokens } from './access-tokens.ts'
import { checkNewPassword, matchPassword, type Passwords } from './passwords.ts'
import { openSession, type Rotation, rotateToken, type SessionGrant } from './refresh-tokens.ts'
import type { SessionBus } from './session-bus.ts'
import type { Viewer } from './viewer.ts'

const CACHED_TOKENS = 10_000
const LONGEST_TRUST = 5_000 // ms that a session isn't looked up again where another node may have ended it

/** A session as its client needs it. */
export interface SignedIn extends SessionGrant {
  accessToken: string
  accessTokenExpiresAt: Date
}

/** Signed-in devices. An ended session's access tokens are refused at once. */
export interface SessionService {
  /**
   * @param login a username or an email address
   * @throws ChatError UNAUTHENTICATED, the same whether the name or the password is wrong; RATE_LIMITED
   */
  login(login: string, password: string, from: { userAgent: string | null; network: string }): Promise<SignedIn>
  /**
   * Opens a session in the same transaction as what comes before it: making the account, say. Rejects,
   * with nothing changed, with what that throws.
   * @param before returns the user's id
   */
  open(userAgent: string | null, before: (tx: Transaction, sql: SqlConnection) => Promise<string>): Promise<SignedIn>
  /** @throws ChatError UNAUTHENTICATED where the token is unknown, expired or spent; a spent one ends its session */
  refresh(refreshToken: string, userAgent: string | null): Promise<SignedIn>
  /**
   * Ends all sessions of the viewer, and opens a new one.
   * @throws ChatError BAD_USER_INPUT, RATE_LIMITED
   */
  changePassword(
    viewer: Viewer,
    change: { currentPassword: string; newPassword: string },
    userAgent: string | null,
  ): Promise<SignedIn>
  /**
   * Sets a password without knowing the old one, for the server's owner, and ends all sessions of the user.
   * @returns how many there were
   * @throws ChatError BAD_USER_INPUT, or NOT_FOUND where there is no such account
   */
  resetPassword(userId: string, newPassword: string): Promise<number>
  /** @throws ChatError UNAUTHENTICATED where the token is invalid or expired, or its session has ended */
  authenticate(accessToken: string): Promise<Viewer>
  end(sessionId: string): Promise<void>
  /** Ends one of a user's sessions. @throws ChatError NOT_FOUND where he has no such one */
  endOwn(userId: string, sessionId: string): Promise<void>
  /** @returns how many there were */
  endAll(userId: string): Promise<number>
  /** Those of these sessions that are no more. */
  findEnded(sessionIds: readonly string[]): Promise<string[]>
  /** Within a transaction of the caller's, who hands the result to `announceEnded` once that is committed. */
  deleteAll(sql: SqlConnection, userId: string): Promise<string[]>
  announceEnded(sessionIds: string[]): void
  close(): void
}

/**
 * Deletes the expired sessions first.
 * @param deps.isAlone whether no other node ends sessions, of which this one might not hear
 */
export async function createSessionService(deps: {
  database: Database
  bus: SessionBus
  passwords: Passwords
  jwtSecret: string
  loginGuard?: LoginGuard
  isAlone?: boolean
}): Promise<SessionService> {
  const { database, bus, passwords, jwtSecret, loginGuard = noGuard, isAlone = true } = deps
  const accessTokens = createAccessTokens(jwtSecret)
  const viewers = new LRUCache<string, Viewer>({ max: CACHED_TOKENS, ttl: isAlone ? 0 : LONGEST_TRUST })
  let endings = 0

  const subscription = bus.subscribe('sessions', ({ sessionIds }) => {
    endings++
    const ended = new Set(sessionIds)
    for (const [token, { sessionId }] of viewers.entries()) if (ended.has(sessionId)) viewers.delete(token)
  })
  await subscription.ready
  await database.writeSql((sql) => sql.run(Prisma.sql`DELETE FROM "Session" WHERE "expiresAt" <= ${new Date()}`))

  async function signIn(grant: SessionGrant): Promise<SignedIn> {
    const { token, expiresAt } = await accessTokens.issue(grant.userId, grant.sessionId)
    return { ...grant, accessToken: token, accessTokenExpiresAt: expiresAt }
  }

  async function open(
    userAgent: string | null,
    before: (tx: Transaction, sql: SqlConnection) => Promise<string>,
  ): Promise<SignedIn> {
    return signIn(await database.write(async (tx, sql) => openSession(tx, await before(tx, sql), userAgent)))
  }

  async function deleteAll(sql: SqlConnection, userId: string): Promise<string[]> {
    const sessions = await sql.all<{ id: string }>(
      Prisma.sql`DELETE FROM "Session" WHERE "userId" = ${userId} RETURNING "id"`,
    )
    return sessions.map(({ id }) => id)
  }

  function announceEnded(sessionIds: string[]): void {
    if (sessionIds.length > 0) bus.publish('sessions', { type: 'sessionsEnded', sessionIds })
  }

  return {
    open,
    deleteAll,
    announceEnded,

    async login(login, password, { userAgent, network }) {
      const key = login.trim().toLowerCase()
      const user = key.includes('@') ? { emailKey: key } : { usernameKey: key }
      const match = await matchPassword({ database, passwords, loginGuard }, user, password, { network })
      const refusal = unauthenticated('Wrong username, email address or password.')
      if (!match) throw refusal
      return open(userAgent, async (_tx, sql) => {
        // A change of the password, which ends all sessions, comes before this or after it.
        const [unchanged] = await sql.all(Prisma.sql`SELECT 1 AS "found" FROM "Password" p
          WHERE p."userId" = ${match.userId} AND p."hash" = ${match.hash} ${forShare(sql, 'p')}`)
        if (!unchanged) throw refusal
        return match.userId
      })
    },

    async refresh(refreshToken, userAgent) {
      // A refusal ends the session, which must be committed: it is thrown only then.
      const rotation = await database.write((tx, sql) => rotateToken(tx, sql, refreshToken, userAgent))
      if ('grant' in rotation) return signIn(rotation.grant)
      if (rotation.ended) announceEnded([rotation.ended])
      throw unauthenticated(REFUSALS[rotation.refused])
    },

    async changePassword({ userId, sessionId }, { currentPassword, newPassword }, userAgent) {
      checkNewPassword(newPassword, 'newPassword')
      const match = await matchPassword({ database, passwords, loginGuard }, { id: userId }, currentPassword, {
        sessionId,
      })
      const refusal = badInput('currentPassword', 'Wrong password.')
      if (!match) throw refusal
      const hash = await passwords.hash(newPassword)
      let ended: string[] = []
      const signedIn = await open(userAgent, async (tx, sql) => {
        const { count } = await tx.password.updateMany({ where: match, data: { hash } })
        if (count === 0) throw refusal
        ended = await deleteAll(sql, userId)
        return userId
      })
      announceEnded(ended)
      return signedIn
    },

    async resetPassword(userId, newPassword) {
      const hash = await passwords.hash(checkNewPassword(newPassword, 'password'))
      const ended = await database.write(async (tx, sql) => {
        const { count } = await tx.password.updateMany({ where: { userId }, data: { hash } })
        if (count === 0) throw notFound('User')
        return deleteAll(sql, userId)
      })
      announceEnded(ended)
      return ended.length
    },

    async authenticate(accessToken) {
      const cached = viewers.get(accessToken)
      if (cached && cached.expiresAt > Date.now()) return cached
      const viewer = await accessTokens.verify(accessToken)
      const endingsBefore = endings
      const session = await database.read.session.findUnique({ where: { id: viewer.sessionId, userId: viewer.userId } })
      if (!session) throw unauthenticated('This session has ended: sign in again.')
      // One that ended while it was being read must not stay.
      if (endings === endingsBefore) viewers.set(accessToken, viewer)
      return viewer
    },

    async findEnded(sessionIds) {
      const ended: string[] = []
      for (const some of inSteps(sessionIds)) {
        const list = valuesAtLeastOnce(some.map((id) => [id]))
        const rows = await database.readSql.all<{ id: string }>(
          Prisma.sql`SELECT s."id" FROM "Session" s WHERE s."id" IN (${list})`,
        )
        const present = new Set(rows.map(({ id }) => id))
        ended.push(...some.filter((id) => !present.has(id)))
      }
      return ended
    },

    async end(sessionId) {
      await database.write((tx) => tx.session.deleteMany({ where: { id: sessionId } }))
      announceEnded([sessionId])
    },

    async endOwn(userId, sessionId) {
      const { count } = await database.write((tx) => tx.session.deleteMany({ where: { id: sessionId, userId } }))
      if (count === 0) throw notFound('Session')
      announceEnded([sessionId])
    },

    async endAll(userId) {
      const ended = await database.writeSql((sql) => deleteAll(sql, userId))
      announceEnded(ended)
      return ended.length
    },

    close: () => subscription.close(),
  }
}

const REFUSALS: Record<Extract<Rotation, { refused: unknown }>['refused'], string> = {
  unknown: 'Unknown refresh token: sign in again.',
  expired: 'This session has expired: sign in again.',
  spent: 'This refresh token has been spent before, so its session has been ended: sign in again.',
}
