import { useEffect, useMemo, useState } from 'react'
import { useClient } from 'urql'
import type { Conversation } from '../client/fragments.ts'
import { useObservable } from '../client/observable.ts'
import { createPages } from '../client/pages.ts'
import { useRetry } from '../client/use-retry.ts'
import { Conversations } from './conversation-operations.ts'

const PAGE = 50

/**
 * The viewer's conversations, the latest activity first, as far as they have been loaded; and where the log stood before
 * they were.
 */
export function useConversations() {
  const client = useClient()
  const [cursor, setCursor] = useState<string | null>(null)
  const pages = useMemo(
    () =>
      createPages<Conversation>((after, onPage) => {
        const variables = { first: PAGE, ...(after && { after }) }
        return client.query(Conversations, variables).subscribe(({ data, error }) => {
          if (!data) return onPage(null, error ?? null)
          const { edges, pageInfo } = data.conversations
          if (!after) setCursor(data.conversations.cursor)
          const next = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null
          onPage({ items: edges.map(({ node }) => node), next }, null)
        }).unsubscribe
      }),
    [client],
  )
  useEffect(() => {
    pages.open()
    return pages.close
  }, [pages])

  const state = useObservable(pages.state)
  useRetry(state.error, pages.loadMore)
  const conversations = useMemo(() => byActivity(state.pages.flat()), [state.pages])
  return { conversations, cursor, ...state, loadMore: pages.loadMore }
}

function byActivity(conversations: readonly Conversation[]): Conversation[] {
  const unique = new Map(conversations.map((conversation) => [conversation.id, conversation]))
  const time = ({ lastMessage }: Conversation) => lastMessage?.createdAt ?? ''
  return [...unique.values()].sort((a, b) => (time(a) < time(b) ? 1 : time(a) > time(b) ? -1 : 0))
}
