import type { Cache, Entity } from '@urql/exchange-graphcache'
import type { Conversation, LiveMessage } from './fragments.ts'
import { graphql } from './graphql.ts'

const Counts = graphql(`
  fragment Counts on Conversation { id unreadCount mentionCount }
`)

export function countUnread(
  cache: Cache,
  conversation: Conversation & Entity,
  message: LiveMessage,
  viewerId: string,
): void {
  const counted = (field: string, more: number) => ((cache.resolve(conversation, field) as number | null) ?? 0) + more
  const isMention = message.mentions.some(({ id }) => id === viewerId)
  cache.writeFragment(Counts, {
    __typename: conversation.__typename,
    id: conversation.id,
    unreadCount: counted('unreadCount', 1),
    mentionCount: counted('mentionCount', isMention ? 1 : 0),
  } as never)
}

/**
 * Notes that the viewer has read, here or elsewhere.
 * @returns false where that leaves some unread, and the cache can't tell how many
 */
export function applyOwnMark(cache: Cache, conversation: { __typename: string; id: string }, upToSeq: number): boolean {
  if (!cache.resolve(conversation, 'unreadCount')) return true
  const last = cache.resolve(conversation, 'lastMessage') as Entity | null
  if (last && (cache.resolve(last, 'seq') as number) > upToSeq) return false
  cache.writeFragment(Counts, { ...conversation, unreadCount: 0, mentionCount: 0 } as never)
  return true
}
