import { createHash, randomBytes } from 'node:crypto'
import type { Transaction } from '../database/database.ts'
import { forUpdate, type SqlConnection } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'

const SESSION_LIFETIME = 30 * 24 * 60 * 60_000 // ms since its last use
const FORGETTING = 32 // refreshes of a session between two looks for tokens to forget
const LONGEST_USER_AGENT = 256 // characters

/** A session as it stands after it was opened or refreshed, and the token that refreshes it next. */
export interface SessionGrant {
  userId: string
  sessionId: string
  refreshToken: string
  refreshTokenExpiresAt: Date
}

/** What comes of a refresh token. `ended` is the session that it ended, if any. */
export type Rotation = { grant: SessionGrant } | { refused: 'unknown' | 'expired' | 'spent'; ended?: string }

export async function openSession(tx: Transaction, userId: string, userAgent: string | null): Promise<SessionGrant> {
  const session = await tx.session.create({
    data: { id: newId(), userId, createdAt: new Date(), ...sessionUse(userAgent) },
  })
  return issueToken(tx, session)
}

/**
 * Exchanges a refresh token for the next one. Tokens have generations: the newest is good, and so is the
 * one before that led to it, until its successor is used, since the answer may have been lost. Any
 * other one is spent: whoever shows it may have stolen it, which ends the session. It is known for as long as its
 * owner, told when it expires, may come with it after a thief, and forgotten then.
 */
export async function rotateToken(
  tx: Transaction,
  sql: SqlConnection,
  token: string,
  userAgent: string | null,
): Promise<Rotation> {
  await lockSession(sql, token)
  const stored = await tx.refreshToken.findUnique({ where: { hash: hashToken(token) }, include: { session: true } })
  if (!stored) return { refused: 'unknown' }

  const { hash, generation, usedAt, session } = stored
  const isNewest = generation === session.generation
  const isRetry = generation === session.generation - 1 && usedAt !== null
  const refused = session.expiresAt <= new Date() ? 'expired' : isNewest || isRetry ? null : 'spent'
  if (refused) {
    await tx.session.delete({ where: { id: session.id } })
    return { refused, ended: session.id }
  }

  if (isNewest) await tx.refreshToken.update({ where: { hash }, data: { usedAt: new Date() } })
  const refreshed = await tx.session.update({
    where: { id: session.id },
    data: { ...sessionUse(userAgent), generation: generation + 1 },
  })
  if (generation % FORGETTING === 0) await forgetExpired(sql, session.id, generation)
  return { grant: await issueToken(tx, refreshed) }
}

/** A generation used so long ago, and those before it, were given out before that: by now each of them has expired. */
async function forgetExpired(sql: SqlConnection, sessionId: string, generation: number): Promise<void> {
  const expired = new Date(Date.now() - SESSION_LIFETIME)
  await sql.run(Prisma.sql`DELETE FROM "RefreshToken"
    WHERE "sessionId" = ${sessionId} AND "generation" < ${generation} AND "generation" <=
      (SELECT max("generation") FROM "RefreshToken" WHERE "sessionId" = ${sessionId} AND "usedAt" <= ${expired})`)
}

/** Two nodes may be handed the same token. */
async function lockSession(sql: SqlConnection, token: string): Promise<void> {
  if (sql.provider === 'sqlite') return
  await sql.all(Prisma.sql`SELECT 1 AS "found" FROM "Session" s JOIN "RefreshToken" t ON t."sessionId" = s."id"
    WHERE t."hash" = ${hashToken(token)} ${forUpdate(sql, 's', ['id'])}`)
}

function sessionUse(userAgent: string | null) {
  return {
    lastUsedAt: new Date(),
    expiresAt: new Date(Date.now() + SESSION_LIFETIME),
    userAgent: userAgent?.slice(0, LONGEST_USER_AGENT) ?? null,
  }
}

async function issueToken(
  tx: Transaction,
  { id, userId, generation, expiresAt }: { id: string; userId: string; generation: number; expiresAt: Date },
): Promise<SessionGrant> {
  const refreshToken = randomBytes(32).toString('base64url')
  await tx.refreshToken.create({ data: { hash: hashToken(refreshToken), sessionId: id, generation } })
  return { userId, sessionId: id, refreshToken, refreshTokenExpiresAt: expiresAt }
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
