import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Viewer } from '../auth/viewer.ts'
import type { ConversationService } from '../conversation/conversation-service.ts'
import type { Database } from '../database/database.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { ListOrder } from '../graphql/keyset.ts'
import type { MessageRow, Position } from '../log/change.ts'
import { type Found, findMessages, type MessageSearch } from '../log/message-search.ts'
import { inList } from '../log/message-sql.ts'
import type { LogReader } from '../log/reader.ts'
import type { Phrase } from '../log/word-index.ts'
import { cleanText } from '../text.ts'
import { scoreOf } from './matching.ts'
import { parseQuery } from './search-query.ts'

const LONGEST_QUERY = 200 // characters
const WINDOW = 500 // matches that are put in order at once
const LONGEST_WINDOW = 100_000 // characters of theirs
const MOST_CONVERSATIONS = 1_000

/** A match, and what it was found by. */
export interface Hit {
  message: MessageRow
  phrases: Phrase[]
  /** The newest and the oldest position of its window. */
  top: Position
  bottom: Position
  score: number
}

export interface SearchRange {
  /** The groups of `hitOrder`'s pattern. */
  after: string[] | null
  limit: number
}

/** Within a window the best match first, then the newest; then the next window. */
export const hitOrder: ListOrder<Hit> = {
  keyOf: ({ top, bottom, score, message }) => `hit:${top}:${bottom}:${score}:${message.createdPosition}`,
  pattern: /^hit:(\d{1,15}):(\d{1,15}):(\d{1,10}):(\d{1,15})$/,
}

export interface SearchService {
  /**
   * The messages that match, in a stretch of `hitOrder`: of all that he may read, or of one conversation.
   * @throws ChatError NOT_FOUND where he isn't a member, BAD_USER_INPUT on a query that is too long
   */
  messages(viewer: Viewer, query: string, conversationId: string | null, range: SearchRange): Promise<Hit[]>
}

type Ranked = Found & Pick<Hit, 'score' | 'top' | 'bottom'>

export function createSearchService(deps: {
  database: Database
  reader: LogReader
  conversations: ConversationService
}): SearchService {
  const { reader, conversations } = deps
  const { readSql } = deps.database

  async function findConversations({ userId }: Viewer): Promise<string[]> {
    const rows = await readSql.all<{ id: string }>(Prisma.sql`
      SELECT c."id" FROM "Member" m JOIN "Conversation" c ON c."id" = m."conversationId"
      WHERE m."userId" = ${userId} ORDER BY c."activity" DESC LIMIT ${MOST_CONVERSATIONS}`)
    return rows.map(({ id }) => id)
  }

  async function findSenders(usernames: string[]): Promise<string[]> {
    if (usernames.length === 0) return []
    const rows = await readSql.all<{ id: string }>(
      Prisma.sql`SELECT "id" FROM "User" WHERE ${inList(Prisma.sql`"usernameKey"`, usernames)}`,
    )
    return rows.map(({ id }) => id)
  }

  /** Window after window, until there are enough. */
  async function rank(search: Omit<MessageSearch, 'upTo' | 'limit'>, { after, limit }: SearchRange): Promise<Ranked[]> {
    const ranked: Ranked[] = []
    let upTo = after ? BigInt(after[0] ?? 0) : await reader.head()
    let last = after && { bottom: BigInt(after[1] ?? 0), score: Number(after[2]), position: BigInt(after[3] ?? 0) }
    for (;;) {
      const top = upTo
      const found = await findMessages(readSql, { ...search, upTo, limit: WINDOW })
      const place = last
      // Where some have been deleted since, older ones come in that belong to the next window.
      const window = takeWindow(found).filter(({ position }) => !place || position >= place.bottom)
      const bottom = window.at(-1)?.position ?? place?.bottom ?? 0n
      const scored = window.map((match) => ({ ...match, top, bottom, score: scoreOf(match.content, search.phrases) }))
      ranked.push(...scored.filter((match) => !place || compare(place, match) < 0).toSorted(compare))
      const isLast = found.length < WINDOW && window.length === found.length
      if (ranked.length >= limit || isLast) return ranked.slice(0, limit)
      upTo = bottom - 1n
      last = null
      // Others may have waited for this window already.
      await nextTurn()
    }
  }

  return {
    async messages(viewer, text, conversationId, range) {
      if (conversationId) await conversations.requireMember(viewer, conversationId)
      // What is no text is nothing that words are made of.
      const query = text.toWellFormed().replaceAll('\0', ' ')
      const { phrases, from } = parseQuery(cleanText(query, 'query', { max: LONGEST_QUERY }))
      const senderIds = await findSenders(from)
      const isForNothing = from.length > 0 ? senderIds.length === 0 : phrases.length === 0
      if (isForNothing || range.limit === 0) return []
      const conversationIds = conversationId ? [conversationId] : await findConversations(viewer)
      if (conversationIds.length === 0) return []

      const ranked = await rank({ phrases, senderIds, conversationIds }, range)
      const messages = await reader.messagesCreatedAt(ranked.map(({ position }) => position))
      const byPosition = new Map(messages.map((message) => [message.createdPosition, message]))
      return ranked.flatMap(({ position, score, top, bottom }) => {
        const message = byPosition.get(position)
        // It may have been deleted since it was found.
        return message && !message.deletedAt ? [{ message, phrases, score, top, bottom }] : []
      })
    },
  }
}

/** Fewer of long ones, since the words of each are read. */
function takeWindow(found: Found[]): Found[] {
  let characters = 0
  for (const [index, { content }] of found.entries()) {
    characters += content.length
    if (characters > LONGEST_WINDOW) return found.slice(0, index + 1)
  }
  return found
}

function compare(one: Pick<Ranked, 'score' | 'position'>, other: Pick<Ranked, 'score' | 'position'>): number {
  return other.score - one.score || Number(other.position - one.position)
}
