import { LRUCache } from 'lru-cache'
import type { Database, Transaction } from '../database/database.ts'
import { type SqlConnection, valuesAtLeastOnce } from '../database/sql-connection.ts'
import { inSteps } from '../database/steps.ts'
import { notFound, unauthenticated } from '../errors.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { createAccessTokens } from './access-tokens.ts'
import { openSession, type Rotation, rotateToken, type SessionGrant } from './refresh-tokens.ts'
import type { SessionBus } from './session-bus.ts'
import { startSessionSweep } from './session-sweep.ts'
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
   * Opens a session in the same transaction as what comes before it: making the account, say. Rejects,
   * with nothing changed, with what that throws.
   * @param before returns the user's id
   */
  open(userAgent: string | null, before: (tx: Transaction, sql: SqlConnection) => Promise<string>): Promise<SignedIn>
  /** @throws ChatError UNAUTHENTICATED where the token is unknown, expired or spent; a spent one ends its session */
  refresh(refreshToken: string, userAgent: string | null): Promise<SignedIn>
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
  close(): Promise<void>
}

/**
 * Deletes the expired sessions first, and then now and then.
 * @param deps.isAlone whether no other node ends sessions, of which this one might not hear
 * @param deps.onFault hears of expired sessions that could not be deleted; it is tried again
 */
export async function createSessionService(deps: {
  database: Database
  bus: SessionBus
  jwtSecret: string
  isAlone?: boolean
  onFault: (error: unknown) => void
}): Promise<SessionService> {
  const { database, bus, jwtSecret, isAlone = true, onFault } = deps
  const accessTokens = createAccessTokens(jwtSecret)
  const viewers = new LRUCache<string, Viewer>({ max: CACHED_TOKENS, ttl: isAlone ? 0 : LONGEST_TRUST })
  let endings = 0

  const subscription = bus.subscribe('sessions', ({ sessionIds }) => {
    endings++
    const ended = new Set(sessionIds)
    for (const [token, { sessionId }] of viewers.entries()) if (ended.has(sessionId)) viewers.delete(token)
  })
  await subscription.ready
  const sweep = await startSessionSweep(database, onFault)

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

    async refresh(refreshToken, userAgent) {
      // A refusal ends the session, which must be committed: it is thrown only then.
      const rotation = await database.write((tx, sql) => rotateToken(tx, sql, refreshToken, userAgent))
      if ('grant' in rotation) return signIn(rotation.grant)
      if (rotation.ended) announceEnded([rotation.ended])
      throw unauthenticated(REFUSALS[rotation.refused])
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

    async close() {
      subscription.close()
      await sweep.close()
    },
  }
}

const REFUSALS: Record<Extract<Rotation, { refused: unknown }>['refused'], string> = {
  unknown: 'Unknown refresh token: sign in again.',
  expired: 'This session has expired: sign in again.',
  spent: 'This refresh token has been spent before, so its session has been ended: sign in again.',
}
