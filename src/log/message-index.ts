import type { SqlConnection } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { MessageRow } from './change.ts'
import { inList } from './message-sql.ts'
import { wordIndexOf } from './word-index.ts'
import { wordsOf } from './words.ts'

// The index of all that people wrote. Words are found in the text by `wordsOf`. Conversation and sender are words as
// well, which no text can hold: a search in one small conversation reads nothing of the others.

type Indexed = Pick<MessageRow, 'createdPosition' | 'conversationId' | 'senderId' | 'kind' | 'content'>

/** Makes messages findable. None of them may be in the index. */
export async function indexMessages(connection: SqlConnection, messages: readonly Indexed[]): Promise<void> {
  const entries = messages.flatMap(({ createdPosition, conversationId, senderId, kind, content }) => {
    if (kind === 'SYSTEM' || !content) return []
    const words = wordsOf(content).map(({ word }) => word)
    return [{ position: createdPosition, words: [...words, conversationWord(conversationId), senderWord(senderId)] }]
  })
  if (entries.length > 0) await wordIndexOf(connection).add(connection, entries)
}

/** To be called whenever a message's content has changed. */
export async function reindexMessage(connection: SqlConnection, message: Indexed): Promise<void> {
  await wordIndexOf(connection).remove(connection, Prisma.sql`${message.createdPosition}`)
  await indexMessages(connection, [message])
}

/** To be called before conversations are deleted. */
export async function unindexConversations(connection: SqlConnection, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const positions = Prisma.sql`SELECT "createdPosition" FROM "Message" WHERE ${inList(Prisma.sql`"conversationId"`, ids)}`
  await wordIndexOf(connection).remove(connection, positions)
}

/** Stands for a conversation. No text has such a word. */
export function conversationWord(id: string): string {
  return `c:${id.replaceAll(/[_-]/g, ':')}`
}

/** Stands for a sender. */
export function senderWord(id: string): string {
  return `s:${id.replaceAll(/[_-]/g, ':')}`
}
