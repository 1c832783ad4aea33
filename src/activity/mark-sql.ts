import { forUpdate, type SqlConnection, valuesAtLeastOnce } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { Position } from '../log/change.ts'
import { inPairs, MEMBER_KEY } from '../log/message-sql.ts'
import { isMarked } from './marked-groups.ts'

/** How far a member has come in a conversation. */
export interface Mark {
  conversationId: string
  userId: string
  upToSeq: number
}

/** Moves delivered marks on. @returns those that were behind */
export async function moveDelivered(connection: SqlConnection, marks: readonly Mark[]): Promise<Mark[]> {
  if (connection.provider === 'postgresql') await lockMembers(connection, marks)
  return queryMarks(
    connection,
    Prisma.sql`UPDATE "Member" AS m SET "deliveredSeq" = v.column3 FROM (${toValues(marks)}) AS v
      WHERE m."conversationId" = v.column1 AND m."userId" = v.column2 AND m."deliveredSeq" < v.column3
      RETURNING "conversationId", "userId", "deliveredSeq" AS "upToSeq"`,
  )
}

/**
 * Moves read marks on, and with them what they imply: delivered marks, and what there is to count of unread messages.
 * Of the messages before and behind the new mark, the fewer are counted.
 * @param marks one for each member at most, each of a message that there is
 * @returns those that were behind
 */
export function moveRead(connection: SqlConnection, marks: readonly Mark[]): Promise<Mark[]> {
  const skipped = Prisma.sql`
    SELECT count(*) FROM "Message" x WHERE x."conversationId" = m."conversationId"
      AND x."kind" <> 'SYSTEM' AND (x."senderId" = m."userId" OR x."deletedAt" IS NOT NULL)`
  return queryMarks(
    connection,
    Prisma.sql`UPDATE "Member" AS m SET
        "readSeq" = v.column3,
        "deliveredSeq" = CASE WHEN m."deliveredSeq" < v.column3 THEN v.column3 ELSE m."deliveredSeq" END,
        "readTextCount" = (
          SELECT x."textOrdinal" FROM "Message" x
          WHERE x."conversationId" = m."conversationId" AND x."seq" = v.column3),
        "skippedCount" = CASE WHEN c."lastSeq" - v.column3 <= v.column3 - m."readSeq"
          THEN (${skipped} AND x."seq" > v.column3)
          ELSE m."skippedCount" - (${skipped} AND x."seq" > m."readSeq" AND x."seq" <= v.column3) END
      FROM (${toValues(marks)}) AS v JOIN "Conversation" c ON c."id" = v.column1
      WHERE m."conversationId" = v.column1 AND m."userId" = v.column2 AND m."readSeq" < v.column3
      RETURNING "conversationId", "userId", "readSeq" AS "upToSeq"`,
  )
}

/**
 * Where a user's delivered marks are to go who has had everything up to a position.
 * @param conversationId the one that he listens to; null where it is all of his
 */
export function findBehind(
  connection: SqlConnection,
  userId: string,
  conversationId: string | null,
  position: Position,
): Promise<Mark[]> {
  const chosen = conversationId === null ? Prisma.empty : Prisma.sql`AND m."conversationId" = ${conversationId}`
  // Where something newer was written, he is told of it live.
  return queryMarks(
    connection,
    Prisma.sql`SELECT m."conversationId", m."userId", c."lastSeq" AS "upToSeq"
      FROM "Member" m JOIN "Conversation" c ON c."id" = m."conversationId"
      WHERE m."userId" = ${userId} ${chosen} AND m."deliveredSeq" < c."lastSeq" AND c."activity" <= ${position}
        AND ${isMarked(Prisma.sql`c."id"`)}`,
  )
}

/** Those of the conversations in which delivered marks are kept. */
export async function findMarked(connection: SqlConnection, ids: readonly string[]): Promise<string[]> {
  const rows = await connection.all<{ id: string }>(
    Prisma.sql`SELECT k.column1 AS "id" FROM (${valuesAtLeastOnce(ids.map((id) => [id]))}) AS k
      WHERE ${isMarked(Prisma.sql`k.column1`)}`,
  )
  return rows.map(({ id }) => id)
}

/** An UPDATE alone would lock them in any order, and wait for somebody who waits for it. */
async function lockMembers(connection: SqlConnection, marks: readonly Mark[]): Promise<void> {
  const pairs = inPairs(
    Prisma.sql`m."conversationId"`,
    Prisma.sql`m."userId"`,
    marks.map(({ conversationId, userId }) => [conversationId, userId]),
  )
  await connection.all(Prisma.sql`SELECT 1 FROM "Member" m WHERE ${pairs} ${forUpdate(connection, 'm', MEMBER_KEY)}`)
}

async function queryMarks(connection: SqlConnection, statement: Prisma.Sql): Promise<Mark[]> {
  const rows = await connection.all<Record<keyof Mark, string> & { upToSeq: number | bigint }>(statement)
  return rows.map(({ conversationId, userId, upToSeq }) => ({ conversationId, userId, upToSeq: Number(upToSeq) }))
}

function toValues(marks: readonly Mark[]): Prisma.Sql {
  return valuesAtLeastOnce(marks.map(({ conversationId, userId, upToSeq }) => [conversationId, userId, upToSeq]))
}
