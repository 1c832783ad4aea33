import type { SqlConnection } from '../database/sql-connection.ts'
import { notFound } from '../errors.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { findBlocked } from '../log/blocked-pairs.ts'

/** @throws ChatError NOT_FOUND, as if there were no such user, where one of the two has blocked the other */
export async function requireUnblocked(sql: SqlConnection, userId: string, otherId: string): Promise<void> {
  const pair = [userId, otherId] as const
  const isBlocked = await findBlocked(sql, [pair])
  if (isBlocked(pair)) throw notFound('User')
}

/**
 * For what reaches the other side of a direct conversation without being a new message there. In a group all is open.
 * @throws ChatError as `requireUnblocked`
 */
export async function requireOpenConversation(
  sql: SqlConnection,
  conversationId: string,
  userId: string,
): Promise<void> {
  const [peer] = await sql.all<{ userId: string }>(Prisma.sql`
    SELECT m."userId" FROM "Conversation" c JOIN "Member" m ON m."conversationId" = c."id"
    WHERE c."id" = ${conversationId} AND c."kind" = 'DIRECT' AND m."userId" <> ${userId}`)
  if (peer) await requireUnblocked(sql, userId, peer.userId)
}
