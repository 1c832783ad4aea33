import type { Database } from '../database/database.ts'
import { valuesAtLeastOnce } from '../database/sql-connection.ts'
import { createUncachedLoader } from '../database/uncached-loader.ts'
import { type Conversation, type Member, Prisma, type User } from '../generated/prisma/client.ts'
import type { MessageRow } from '../log/change.ts'
import { findHandles } from '../log/mention-handles.ts'
import { inList } from '../log/message-sql.ts'

/** Whom messages name, asked for in one go by all of a page. Nothing is kept. */
export interface MentionLoaders {
  /** In the order of the text. Needs no query where that names nobody. */
  users(message: MessageRow): Promise<User[]> | User[]
  /** How many messages of others that name him lie between his read mark and the conversation's end, as it was read. */
  count(member: Member, conversation: Conversation): Promise<number>
}

interface Stretch {
  userId: string
  conversationId: string
  readSeq: number
  lastSeq: number
}

export function createMentionLoaders({ readSql }: Database): MentionLoaders {
  const users = createUncachedLoader(async (messageIds: readonly string[]) => {
    const rows = await readSql.all<User & { messageId: string; ordinal: number }>(Prisma.sql`
      SELECT u.*, x."messageId", x."ordinal" FROM "Mention" x JOIN "User" u ON u."id" = x."userId"
      WHERE ${inList(Prisma.sql`x."messageId"`, messageIds)}`)
    rows.sort((one, other) => one.ordinal - other.ordinal)
    const found = Map.groupBy(rows, ({ messageId }) => messageId)
    return messageIds.map((id): User[] => found.get(id) ?? [])
  })

  const counts = createUncachedLoader(async (stretches: readonly Stretch[]) => {
    const values = valuesAtLeastOnce(
      stretches.map(({ userId, conversationId, readSeq, lastSeq }) => [userId, conversationId, readSeq, lastSeq]),
    )
    const rows = await readSql.all<Stretch & { count: bigint }>(Prisma.sql`
      SELECT k.column1 AS "userId", k.column2 AS "conversationId", k.column3 AS "readSeq", k.column4 AS "lastSeq",
        (SELECT count(*) FROM "Mention" x WHERE x."userId" = k.column1 AND x."conversationId" = k.column2
          AND x."seq" > k.column3 AND x."seq" <= k.column4 AND x."senderId" <> k.column1) AS "count"
      FROM (${values}) AS k`)
    const found = new Map(rows.map((row) => [stretchKey(row), Number(row.count)]))
    return stretches.map((stretch) => found.get(stretchKey(stretch)) ?? 0)
  })

  return {
    users({ id, kind, content }) {
      const namesSomebody = kind !== 'SYSTEM' && findHandles(content ?? '').length > 0
      return namesSomebody ? users.load(id) : []
    },
    count: ({ userId, conversationId, readSeq }, { lastSeq }) =>
      counts.load({ userId, conversationId, readSeq, lastSeq }),
  }
}

function stretchKey({ userId, conversationId, readSeq, lastSeq }: Stretch): string {
  return `${userId} ${conversationId} ${readSeq} ${lastSeq}`
}
