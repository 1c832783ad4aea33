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
  /** The newest position of its window. */
  top: Position
  score: number
}

export interface SearchRange {
  /** The groups of `hitOrder`'s pattern. */
  after: string[] | null
  limit: number
}

/** Within a window the best match first, then the newest; then the next window. */
export const hitOrder: ListOrder<Hit> = {
  keyOf: ({ top, score, message }) => `hit:${top}:${score}:${message.createdPosition}`,
  pattern: /^hit:(\d{1,15}):(\d{1,10}):(\d{1,15})$/,
}

export interface SearchService {
  /**
   * The messages that match, in a stretch of `hitOrder`: of all that he may read, or of one conversation.
   * @throws ChatError NOT_FOUND where he isn't a member, BAD_USER_INPUT on a query that is too long or no text
   */
  messages(viewer: Viewer, query: string, conversationId: string | null, range: SearchRange): Promise<Hit[]>
}

type Ranked = Found & Pick<Hit, 'score' | 'top'>

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
    let last = after && { score: Number(after[1]), position: BigInt(after[2] ?? 0) }
    for (;;) {
      const top = upTo
      const found = await findMessages(readSql, { ...search, upTo, limit: WINDOW })
      const window = takeWindow(found)
      const scored = window.map((match) => ({ ...match, top, score: scoreOf(match.content, search.phrases) }))
      const place = last
      ranked.push(...scored.filter((match) => !place || compare(place, match) < 0).toSorted(compare))
      const oldest = window.at(-1)
      const isLast = found.length < WINDOW && window.length === found.length
      if (ranked.length >= limit || !oldest || isLast) return ranked.slice(0, limit)
      upTo = oldest.position - 1n
      last = null
    }
  }

  return {
    async messages(viewer, text, conversationId, range) {
      if (conversationId) await conversations.requireMember(viewer, conversationId)
      const { phrases, from } = parseQuery(cleanText(text, 'query', { max: LONGEST_QUERY }))
      const senderIds = await findSenders(from)
      const isForNothing = from.length > 0 ? senderIds.length === 0 : phrases.length === 0
      if (isForNothing || range.limit === 0) return []
      const conversationIds = conversationId ? [conversationId] : await findConversations(viewer)
      if (conversationIds.length === 0) return []

      const ranked = await rank({ phrases, senderIds, conversationIds }, range)
      const messages = await reader.messagesCreatedAt(ranked.map(({ position }) => position))
      const byPosition = new Map(messages.map((message) => [message.createdPosition, message]))
      return ranked.flatMap(({ position, score, top }) => {
        const message = byPosition.get(position)
        // It may have been deleted since it was found.
        return message && !message.deletedAt ? [{ message, phrases, score, top }] : []
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
