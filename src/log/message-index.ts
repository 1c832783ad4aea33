import type { SqlConnection } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { MessageRow, Position } from './change.ts'
import { inList } from './message-sql.ts'
import { wordsOf } from './words.ts'

// The index of all that people wrote, by SQLite's FTS5: all SQL of its own is here. Words are found in the text by
// `wordsOf`, and FTS5 only tells them apart at the spaces. Its keys are the positions of the messages' creation, so that
// the newest come first without sorting. Conversation and sender are words as well, which no text can hold: a search
// in one small conversation reads nothing of the others.

const FEW_CONVERSATIONS = 20
const PROBE = 1_000 // matches of anybody's that are read before each conversation is looked into by itself
const STEP = 500 // messages indexed in one transaction at the start

type Indexed = Pick<MessageRow, 'createdPosition' | 'conversationId' | 'senderId' | 'kind' | 'content'>

/** One after another; of the last one, the beginning suffices where `prefix` is set. */
export interface Phrase {
  words: string[]
  prefix: boolean
}

export interface MessageSearch {
  /** All of them have to be there. */
  phrases: Phrase[]
  /** One of them wrote it; anybody where it is empty. */
  senderIds: string[]
  conversationIds: string[]
  /** The newest that may be found. */
  upTo: Position
  limit: number
}

/** A message that was found. */
export interface Found {
  position: Position
  conversationId: string
  content: string
}

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

/** The newest messages that match, the newest first. */
export async function findMessages(connection: SqlConnection, search: MessageSearch): Promise<Found[]> {
  const { conversationIds, limit } = search
  const mine = new Set(conversationIds)
  // That a word stands for the conversation is only a shortcut: it isn't what keeps others out.
  const readable = (found: Found[]) => found.filter(({ conversationId }) => mine.has(conversationId)).slice(0, limit)

  if (conversationIds.length > FEW_CONVERSATIONS) {
    // To look into hundreds of them costs more than to read over what is found everywhere, where that isn't much.
    const found = await query(connection, expression(search, []), search.upTo, PROBE)
    const enough = readable(found)
    if (found.length < PROBE || enough.length === limit) return enough
  }
  return readable(await query(connection, expression(search, conversationIds), search.upTo, limit))
}

function query(connection: SqlConnection, match: string, upTo: Position, limit: number): Promise<Found[]> {
  return connection.all<Found>(Prisma.sql`
    SELECT m."createdPosition" AS "position", m."conversationId", m."content" FROM (
      SELECT rowid AS "position" FROM "MessageSearch" WHERE "MessageSearch" MATCH ${match} AND rowid <= ${upTo}
      ORDER BY rowid DESC LIMIT ${limit}) found
    JOIN "Message" m ON m."createdPosition" = found."position"`)
}

/** In FTS5's language. */
function expression({ phrases, senderIds }: MessageSearch, conversationIds: string[]): string {
  return [
    ...(conversationIds.length > 0 ? [anyOf(conversationIds.map(conversationWord))] : []),
    ...(senderIds.length > 0 ? [anyOf(senderIds.map(senderWord))] : []),
    ...phrases.map(({ words, prefix }) => `${quote(words.join(' '))}${prefix ? '*' : ''}`),
  ].join(' AND ')
}

function anyOf(words: string[]): string {
  return `(${words.map(quote).join(' OR ')})`
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

function conversationWord(id: string): string {
  return `c:${id.replaceAll(/[_-]/g, ':')}`
}

function senderWord(id: string): string {
  return `s:${id.replaceAll(/[_-]/g, ':')}`
}
