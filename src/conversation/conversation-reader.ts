import type { Database } from '../database/database.ts'
import { type Conversation, type Member, Prisma } from '../generated/prisma/client.ts'
import type { KeyRange, ListOrder } from '../graphql/keyset.ts'

/** A conversation, and the membership of the user for whom it was read. */
export interface Reading {
  conversation: Conversation
  member: Member | null
}

/** A row of `columns`. */
type JoinedRow = Conversation & { [Column in keyof Member as `member_${Column}`]: Member[Column] | null }

const columns = Prisma.sql`c.*,
  m."conversationId" AS "member_conversationId", m."userId" AS "member_userId", m."role" AS "member_role",
  m."joinedAt" AS "member_joinedAt", m."readSeq" AS "member_readSeq", m."deliveredSeq" AS "member_deliveredSeq",
  m."readTextCount" AS "member_readTextCount", m."skippedCount" AS "member_skippedCount",
  m."mutedAt" AS "member_mutedAt", m."mutedUntil" AS "member_mutedUntil"`

/** Reads conversations by hand-written SQL: they begin most queries, of which Prisma's client would be the greater part. */
export interface ConversationReader {
  find(id: string, userId: string): Promise<Reading | null>
  /** The conversations of a user in a stretch of `activityOrder`. */
  list(userId: string, range: KeyRange): Promise<Reading[]>
}

/** A user's conversations, the latest activity first. */
export const activityOrder: ListOrder<Conversation> = {
  keyOf: ({ activity }) => `activity:${activity}`,
  pattern: /^activity:(\d{1,18})$/,
}

export function createConversationReader({ readSql }: Database): ConversationReader {
  return {
    async find(id, userId) {
      const [row] = await readSql.all<JoinedRow>(Prisma.sql`
        SELECT ${columns} FROM "Conversation" c
        LEFT JOIN "Member" m ON m."conversationId" = c."id" AND m."userId" = ${userId} WHERE c."id" = ${id}`)
      return row ? toReading(row) : null
    },

    async list(userId, { after, before, limit, inverted }) {
      const conditions = [Prisma.sql`m."userId" = ${userId}`]
      if (after) conditions.push(Prisma.sql`c."activity" < ${toPosition(after)}`)
      if (before) conditions.push(Prisma.sql`c."activity" > ${toPosition(before)}`)
      const order = inverted ? Prisma.sql`ASC` : Prisma.sql`DESC`
      // All that he is in are put in order, but only those of the page are read whole.
      const rows = await readSql.all<JoinedRow>(Prisma.sql`
        SELECT ${columns} FROM (
          SELECT c."id", c."activity" FROM "Member" m JOIN "Conversation" c ON c."id" = m."conversationId"
          WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY c."activity" ${order} LIMIT ${limit}) page
        JOIN "Conversation" c ON c."id" = page."id"
        JOIN "Member" m ON m."conversationId" = page."id" AND m."userId" = ${userId}
        ORDER BY page."activity" ${order}`)
      return rows.map(toReading)
    },
  }
}

function toPosition([position]: string[]): bigint {
  return BigInt(position ?? 0)
}

function toReading(row: JoinedRow): Reading {
  if (row.member_userId === null) return { conversation: row, member: null }
  const member = {
    conversationId: row.member_conversationId,
    userId: row.member_userId,
    role: row.member_role,
    joinedAt: row.member_joinedAt,
    readSeq: row.member_readSeq,
    deliveredSeq: row.member_deliveredSeq,
    readTextCount: row.member_readTextCount,
    skippedCount: row.member_skippedCount,
    mutedAt: row.member_mutedAt,
    mutedUntil: row.member_mutedUntil,
  }
  return { conversation: row, member: member as Member }
}
