import { useEffect, useMemo } from 'react'
import { useClient } from 'urql'
import type { Message } from '../client/fragments.ts'
import { useObservable } from '../client/observable.ts'
import { createPages } from '../client/pages.ts'
import { useRetry } from '../client/use-retry.ts'
import { HistoryPage } from './message-operations.ts'

const FIRST_PAGE = 50
const OLDER_PAGE = 60 // within what one operation may cost: each message can have many who reacted

/** A conversation's messages, the oldest first, from its end back to where the reader has gone. */
export function useHistory(conversationId: string) {
  const client = useClient()
  const pages = useMemo(
    () =>
      createPages<Message>((before, onPage) => {
        const variables = { id: conversationId, ...(before ? { last: OLDER_PAGE, before } : { last: FIRST_PAGE }) }
        return client.query(HistoryPage, variables).subscribe(({ data, error }) => {
          const node = data?.node
          if (!node || !('messages' in node)) return onPage(null, error ?? null)
          const { edges, pageInfo } = node.messages
          const next = pageInfo.hasPreviousPage ? (pageInfo.startCursor ?? null) : null
          onPage({ items: edges.map((edge) => edge.node), next }, null)
        }).unsubscribe
      }),
    [client, conversationId],
  )
  useEffect(() => {
    pages.open()
    return pages.close
  }, [pages])

  const state = useObservable(pages.state)
  useRetry(state.error, pages.loadMore)
  const messages = useMemo(() => state.pages.toReversed().flat(), [state.pages])
  return { ...state, messages, loadOlder: pages.loadMore, look: pages.look }
}

/** Which page, counted from the newest, holds the message at an index of all. */
export function pageAt(pages: readonly (readonly Message[])[], index: number): number {
  let end = 0
  for (let page = pages.length - 1; page >= 0; page -= 1) {
    end += pages[page]?.length ?? 0
    if (index < end) return page
  }
  return 0
}
