import type { SqlConnection } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { Position } from './change.ts'
import { conversationWord, senderWord } from './message-index.ts'

const FEW_CONVERSATIONS = 20
const FEW_WORDS = 32
const PROBE = 1_000 // matches of anybody's that are read before each conversation is looked into by itself

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

/** The newest messages that match, the newest first. */
export async function findMessages(connection: SqlConnection, search: MessageSearch): Promise<Found[]> {
  const { conversationIds, limit } = search
  const mine = new Set(conversationIds)
  const words = await expressionOf(connection, search)
  // That a word stands for the conversation is only a shortcut: it isn't what keeps others out.
  const readable = (found: Found[]) => found.filter(({ conversationId }) => mine.has(conversationId)).slice(0, limit)

  if (conversationIds.length > FEW_CONVERSATIONS) {
    // To look into hundreds of them costs more than to read over what is found everywhere, where that isn't much.
    const found = await query(connection, words, search.upTo, PROBE)
    const enough = readable(found)
    if (found.length < PROBE || enough.length === limit) return enough
  }
  return readable(
    await query(connection, `${anyOf(conversationIds.map(conversationWord))} AND ${words}`, search.upTo, limit),
  )
}

function query(connection: SqlConnection, match: string, upTo: Position, limit: number): Promise<Found[]> {
  return connection.all<Found>(Prisma.sql`
    SELECT m."createdPosition" AS "position", m."conversationId", m."content" FROM (
      SELECT rowid AS "position" FROM "MessageSearch" WHERE "MessageSearch" MATCH ${match} AND rowid <= ${upTo}
      ORDER BY rowid DESC LIMIT ${limit}) found
    JOIN "Message" m ON m."createdPosition" = found."position"`)
}

/** In FTS5's language. */
async function expressionOf(connection: SqlConnection, { phrases, senderIds }: MessageSearch): Promise<string> {
  const parts = await Promise.all(phrases.map((phrase) => phraseExpression(connection, phrase)))
  if (senderIds.length > 0) parts.push(anyOf(senderIds.map(senderWord)))
  return parts.join(' AND ')
}

/**
 * The beginning of a few words is looked up as these words: where it has more than two letters, which are indexed, FTS5
 * itself would first read all that any of them is in.
 */
async function phraseExpression(connection: SqlConnection, { words, prefix }: Phrase): Promise<string> {
  if (!prefix) return quote(words.join(' '))
  const beginning = words.at(-1) ?? ''
  const endings = await wordsBeginningWith(connection, beginning)
  if (endings.length > FEW_WORDS) return `${quote(words.join(' '))}*`
  return anyOf((endings.length > 0 ? endings : [beginning]).map((word) => words.with(-1, word).join(' ')))
}

/** One more than `FEW_WORDS` at most, each by a look-up of its own. */
async function wordsBeginningWith(connection: SqlConnection, beginning: string): Promise<string[]> {
  const words: string[] = []
  for (let from = beginning; words.length <= FEW_WORDS; ) {
    const [next] = await connection.all<{ term: string }>(
      Prisma.sql`SELECT "term" FROM "MessageSearchWords" WHERE "term" >= ${from} LIMIT 1`,
    )
    if (!next?.term.startsWith(beginning)) break
    words.push(next.term)
    // No word holds this character, so that this is the least that comes after the word.
    from = `${next.term}\u0001`
  }
  return words
}

function anyOf(words: string[]): string {
  return `(${words.map(quote).join(' OR ')})`
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
