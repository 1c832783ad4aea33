import type { Cache, Entity } from '@urql/exchange-graphcache'
import type { Conversation, LiveMessage } from './fragments.ts'
import { graphql } from './graphql.ts'
import { appendToHistory } from './history-pages.ts'
import { countUnread } from './unread-counts.ts'

const ListEdge = graphql(`
  fragment ListEdge on QueryConversationsConnectionEdge { node { id } }
`)

/**
 * Puts a message where it belongs: at the end of its conversation's history, and as the last one if it is.
 * @returns false where the conversation isn't known yet
 */
export function applyMessage(cache: Cache, message: LiveMessage, viewerId: string): boolean {
  const conversation = message.conversation as Conversation & Entity
  const last = cache.resolve(conversation, 'lastMessage') as Entity | undefined
  if (last === undefined) return false
  appendToHistory(cache, conversation, message)
  if (message.seq > (last ? (cache.resolve(last, 'seq') as number) : 0)) {
    cache.link(conversation, 'lastMessage', message as Entity)
    if (message.sender.id !== viewerId && message.kind !== 'SYSTEM') countUnread(cache, conversation, message, viewerId)
  }
  return true
}

/** Puts a conversation into the list of them, if it isn't there: the list is shown by latest activity anyway. */
export function listConversation(cache: Cache, conversation: Conversation): void {
  const key = cache.keyOfEntity({ __typename: 'QueryConversationsConnectionEdge', node: conversation } as never)
  const pages = listPages(cache)
  if (!key || pages.some((page) => edgesOf(cache, page).includes(key))) return
  const first = pages[0]
  if (!first) return
  cache.writeFragment(ListEdge, { __typename: 'QueryConversationsConnectionEdge', node: conversation } as never)
  cache.link(first, 'edges', [key, ...edgesOf(cache, first)])
}

/** Lets the conversation with somebody be found by him. */
export function linkDirect(cache: Cache, peerId: string, conversationId: string): void {
  const conversation = { __typename: 'DirectConversation', id: conversationId }
  cache.link('Query', 'directConversation', { with: { id: peerId } }, conversation)
}

/** Takes a conversation that the viewer is no longer in out of the list. */
export function forgetConversation(cache: Cache, id: string): void {
  for (const page of listPages(cache)) {
    const edges = edgesOf(cache, page)
    const kept = edges.filter((edge) => cache.resolve(cache.resolve(edge, 'node') as Entity, 'id') !== id)
    if (kept.length < edges.length) cache.link(page, 'edges', kept)
  }
}

function listPages(cache: Cache): Entity[] {
  return cache
    .inspectFields('Query')
    .filter(({ fieldName }) => fieldName === 'conversations')
    .map(({ fieldKey }) => cache.resolve('Query', fieldKey) as Entity)
}

function edgesOf(cache: Cache, page: Entity): string[] {
  return (cache.resolve(page, 'edges') as string[] | null) ?? []
}
