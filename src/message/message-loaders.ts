import { isMarked } from '../activity/marked-groups.ts'
import type { Database } from '../database/database.ts'
import { valuesAtLeastOnce } from '../database/sql-connection.ts'
import { createUncachedLoader } from '../database/uncached-loader.ts'
import { type Conversation, Prisma } from '../generated/prisma/client.ts'
import type { MessageRow } from '../log/change.ts'
import { inList } from '../log/message-sql.ts'
import type { LogReader } from '../log/reader.ts'

/** How far the others of a conversation have come, the slowest of them counting. */
export interface OthersMarks {
  readSeq: number
  deliveredSeq: number
}

/**
 * What messages lead to, asked for in one go by all messages of a page. Nothing is kept: a subscription
 * lives long, and must see each time how things stand.
 */
export interface MessageLoaders {
  conversation(message: MessageRow): Promise<Conversation>
  message(id: string): Promise<MessageRow | null>
  messageAt(conversationId: string, seq: number): Promise<MessageRow | null>
  /** Null where the sender is alone, or in a group too large for marks. */
  othersMarks(message: MessageRow): Promise<OthersMarks | null>
}

export function createMessageLoaders({ readSql }: Database, reader: LogReader): MessageLoaders {
  const conversations = createUncachedLoader(async (ids: readonly string[]) => {
    const found = await readSql.all<Conversation>(
      Prisma.sql`SELECT c.* FROM "Conversation" c WHERE ${inList(Prisma.sql`c."id"`, [...new Set(ids)])}`,
    )
    return inOrder(ids, found, ({ id }) => id)
  })
  const messages = createUncachedLoader(async (ids: readonly string[]) =>
    inOrder(ids, await reader.messages([...new Set(ids)]), ({ id }) => id),
  )
  const places = createUncachedLoader(async (keys: readonly { conversationId: string; seq: number }[]) =>
    inOrder(keys.map(placeKey), await reader.messagesAt(keys), placeKey),
  )
  const marks = createUncachedLoader(async (keys: readonly MarksKey[]) => {
    const distinct = new Map(keys.map((key) => [marksKey(key), key]))
    const values = valuesAtLeastOnce([...distinct.values()].map((key) => [key.conversationId, key.senderId]))
    const rows = await readSql.all<Record<keyof OthersMarks, bigint> & MarksKey>(Prisma.sql`
      SELECT k.column1 AS "conversationId", k.column2 AS "senderId",
        min(m."readSeq") AS "readSeq", min(m."deliveredSeq") AS "deliveredSeq"
      FROM (${values}) k JOIN "Member" m ON m."conversationId" = k.column1 AND m."userId" <> k.column2
      WHERE ${isMarked(Prisma.sql`k.column1`)}
      GROUP BY k.column1, k.column2`)
    const found = new Map(rows.map((row) => [marksKey(row), row]))
    return keys.map((key) => {
      const row = found.get(marksKey(key))
      return row ? { readSeq: Number(row.readSeq), deliveredSeq: Number(row.deliveredSeq) } : null
    })
  })

  return {
    async conversation({ conversationId }) {
      const conversation = await conversations.load(conversationId)
      if (!conversation) throw new Error(`A message outlived its conversation ${conversationId}`)
      return conversation
    },
    message: (id) => messages.load(id),
    messageAt: (conversationId, seq) => places.load({ conversationId, seq }),
    othersMarks: ({ conversationId, senderId }) => marks.load({ conversationId, senderId }),
  }
}

function placeKey({ conversationId, seq }: { conversationId: string; seq: number }): string {
  return `${conversationId} ${seq}`
}

interface MarksKey {
  conversationId: string
  senderId: string
}

function marksKey({ conversationId, senderId }: MarksKey): string {
  return `${conversationId} ${senderId}`
}

function inOrder<Value>(keys: readonly string[], found: Value[], keyOf: (value: Value) => string): (Value | null)[] {
  const byKey = new Map(found.map((value) => [keyOf(value), value]))
  return keys.map((key) => byKey.get(key) ?? null)
}
