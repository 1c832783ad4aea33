import type { SqlConnection } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { MessageRow } from './change.ts'
import { inList } from './message-sql.ts'
import { wordsOf } from './words.ts'

// The index of all that people wrote, by SQLite's FTS5: whatever is SQLite's own about it is
// here and in message-search.ts. Words are found in the text by
// `wordsOf`, and FTS5 only tells them apart at the spaces. Its keys are the positions of the messages' creation, so that
// the newest come first without sorting. Conversation and sender are words as well, which no text can hold: a search
// in one small conversation reads nothing of the others.

const STEP = 500 // messages indexed in one transaction at the start

type Indexed = Pick<MessageRow, 'createdPosition' | 'conversationId' | 'senderId' | 'kind' | 'content'>

/**
 * Makes messages findable, with one statement whatever their number: FTS5 writes to the disk at the end of each.
 * None of them may be in the index.
 */
export async function indexMessages(connection: SqlConnection, messages: Indexed[]): Promise<void> {
  const entries = messages.flatMap(({ createdPosition, conversationId, senderId, kind, content }) => {
    if (kind === 'SYSTEM' || !content) return []
    const words = wordsOf(content).map(({ word }) => word)
    return [[Number(createdPosition), [...words, conversationWord(conversationId), senderWord(senderId)].join(' ')]]
  })
  if (entries.length === 0) return
  await connection.run(Prisma.sql`INSERT INTO "MessageSearch" (rowid, "words")
    SELECT value ->> 0, value ->> 1 FROM json_each(${JSON.stringify(entries)})`)
}

/** To be called whenever a message's content has changed. */
export async function reindexMessage(connection: SqlConnection, message: Indexed): Promise<void> {
  await connection.run(Prisma.sql`DELETE FROM "MessageSearch" WHERE rowid = ${message.createdPosition}`)
  await indexMessages(connection, [message])
}

/** To be called before conversations are deleted. */
export async function unindexConversations(connection: SqlConnection, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await connection.run(Prisma.sql`DELETE FROM "MessageSearch" WHERE rowid IN (
    SELECT "createdPosition" FROM "Message" WHERE ${inList(Prisma.sql`"conversationId"`, ids)})`)
}

/** Indexes the messages that a database holds from before there was an index; where there are none, it costs nothing. */
export async function indexOldMessages(database: {
  readSql: SqlConnection
  writeSql<T>(work: (sql: SqlConnection) => Promise<T>): Promise<T>
}): Promise<void> {
  const [newest] = await database.readSql.all<{ position: bigint | number }>(
    Prisma.sql`SELECT rowid AS "position" FROM "MessageSearch" ORDER BY rowid DESC LIMIT 1`,
  )
  let after = BigInt(newest?.position ?? 0)
  for (;;) {
    const messages = await database.readSql.all<Indexed>(Prisma.sql`
      SELECT "createdPosition", "conversationId", "senderId", "kind", "content" FROM "Message"
      WHERE "createdPosition" > ${after} ORDER BY "createdPosition" LIMIT ${STEP}`)
    const last = messages.at(-1)
    if (!last) return
    await database.writeSql((sql) => indexMessages(sql, messages))
    after = last.createdPosition
  }
}

/** Stands for a conversation. No text has such a word. */
export function conversationWord(id: string): string {
  return `c:${id.replaceAll(/[_-]/g, ':')}`
}

/** Stands for a sender. */
export function senderWord(id: string): string {
  return `s:${id.replaceAll(/[_-]/g, ':')}`
}
