import type { Cache, Entity } from '@urql/exchange-graphcache'
import type { LiveMessage } from './fragments.ts'
import { graphql } from './graphql.ts'

const FAR = 1_000 // messages; more than are shown at once

const HistoryEdge = graphql(`
  fragment HistoryEdge on ConversationMessagesConnectionEdge { node { id } }
`)

/** Puts a message at the end of its conversation's history, wherever that is known. */
export function appendToHistory(cache: Cache, conversation: Entity, message: LiveMessage): void {
  for (const { page } of pagesOf(cache, conversation)) {
    const info = cache.resolve(page, 'pageInfo') as Entity
    if (cache.resolve(info, 'hasNextPage') === false) appendToPage(cache, page, message)
  }
}

/** By seq: what was edited while nobody listened arrives after what was written later. */
function appendToPage(cache: Cache, page: Entity, message: LiveMessage): void {
  const edges = edgesOf(cache, page)
  const key = cache.keyOfEntity({ __typename: 'ConversationMessagesConnectionEdge', node: { id: message.id } } as never)
  if (!edges || !key || edges.includes(key)) return
  let place = edges.length
  while (place > 0 && seqOf(cache, edges[place - 1]) > message.seq) place -= 1
  // Before the first one begins another page, which holds it or will.
  if (place === 0 && edges.length > 0) return
  cache.writeFragment(HistoryEdge, { __typename: 'ConversationMessagesConnectionEdge', node: message } as never)
  cache.link(page, 'edges', edges.toSpliced(place, 0, key))
}

/** Forgets what has been loaded of a history, but for what is about a message: the cache would keep all of it. */
export function forgetFarFrom(cache: Cache, conversation: Entity, seq: number): void {
  for (const { fieldKey, page } of pagesOf(cache, conversation)) {
    const newest = edgesOf(cache, page)?.at(-1)
    if (newest && Math.abs(seqOf(cache, newest) - seq) > FAR) cache.invalidate(conversation, fieldKey)
  }
}

function pagesOf(cache: Cache, conversation: Entity): { fieldKey: string; page: Entity }[] {
  return cache.inspectFields(conversation).flatMap(({ fieldKey, fieldName }) => {
    const page = fieldName === 'messages' && cache.resolve(conversation, fieldKey)
    return page ? [{ fieldKey, page: page as Entity }] : []
  })
}

function edgesOf(cache: Cache, page: Entity): string[] | null {
  return cache.resolve(page, 'edges') as string[] | null
}

function seqOf(cache: Cache, edge: string | undefined): number {
  return edge ? (cache.resolve(cache.resolve(edge, 'node') as Entity, 'seq') as number) : 0
}
