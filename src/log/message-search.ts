import type { SqlConnection } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { Position } from './change.ts'
import { conversationWord, senderWord } from './message-index.ts'
import { type Phrase, wordIndexOf } from './word-index.ts'

const FEW_CONVERSATIONS = 20
const PROBE = 1_000 // matches of anybody's that are read before each conversation is looked into by itself

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
  const { phrases, senderIds, conversationIds, upTo, limit } = search
  const mine = new Set(conversationIds)
  const terms = phrases.map((phrase) => [phrase])
  if (senderIds.length > 0) terms.push(senderIds.map(senderWord).map(toPhrase))
  // That a word stands for the conversation is only a shortcut: it isn't what keeps others out.
  const readable = (found: Found[]) => found.filter(({ conversationId }) => mine.has(conversationId)).slice(0, limit)

  if (conversationIds.length > FEW_CONVERSATIONS) {
    // To look into hundreds of them costs more than to read over what is found everywhere, where that isn't much.
    const found = await query(connection, terms, upTo, PROBE)
    const enough = readable(found)
    if (found.length < PROBE || enough.length === limit) return enough
  }
  const within = conversationIds.map(conversationWord).map(toPhrase)
  return readable(await query(connection, [within, ...terms], upTo, limit))
}

async function query(connection: SqlConnection, terms: Phrase[][], upTo: Position, limit: number): Promise<Found[]> {
  const positions = await wordIndexOf(connection).select(connection, terms, upTo, limit)
  const found = await connection.all<Found>(Prisma.sql`
    SELECT m."createdPosition" AS "position", m."conversationId", m."content" FROM (${positions}) found
    JOIN "Message" m ON m."createdPosition" = found."position"`)
  return found.sort((one, other) => (one.position > other.position ? -1 : 1))
}

function toPhrase(word: string): Phrase {
  return { words: [word], prefix: false }
}
