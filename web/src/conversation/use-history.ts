import { useCallback, useEffect, useMemo, useState } from 'react'
import { useClient } from 'urql'
import { useObservable } from '../client/observable.ts'
import { useRetry } from '../client/use-retry.ts'
import type { Place } from '../route.ts'
import { createHistoryWindow, EMPTY_WINDOW, type WindowState } from './history-window.ts'
import { HistoryPage } from './message-operations.ts'

/** What is to be shown now: by `seq`, Infinity for the newest. Another object for each time that somebody asks. */
export interface Sought {
  seq: number
}

export interface ShownHistory extends WindowState {
  sought: Sought
  /** @param seq of the message to show, Infinity for the newest */
  seek(seq: number): void
  loadOlder(): void
  loadNewer(): void
  retry(): void
}

/** Of a conversation that there isn't yet. */
export const NO_HISTORY: ShownHistory = {
  ...EMPTY_WINDOW,
  sought: { seq: Infinity },
  seek: nothing,
  loadOlder: nothing,
  loadNewer: nothing,
  retry: nothing,
}

/** A conversation's messages about what the reader looks at. @param place shown anew whenever it is another object */
export function useHistory(conversationId: string, place: Place): ShownHistory {
  const client = useClient()
  const [sought, setSought] = useState<Sought>({ seq: place.seq ?? Infinity })
  const history = useMemo(
    () =>
      createHistoryWindow((page, onPage) => {
        const { unsubscribe } = client
          .query(HistoryPage, { id: conversationId, ...page })
          .subscribe(({ data, error }) => {
            const node = data?.node
            if (!node || !('messages' in node)) return onPage(null, error ?? null)
            const { edges, pageInfo } = node.messages
            const older = pageInfo.hasPreviousPage ? (pageInfo.startCursor ?? null) : null
            const newer = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null
            onPage({ messages: edges.map((edge) => edge.node), older, newer }, null)
          })
        return unsubscribe
      }),
    [client, conversationId],
  )
  const seek = useCallback(
    (seq: number) => {
      if (!isWithin(seq, history.state.get())) history.open(seq)
      setSought({ seq })
    },
    [history],
  )
  useEffect(() => history.close, [history])
  useEffect(() => {
    if (place.seq || history.state.get() === EMPTY_WINDOW) seek(place.seq ?? Infinity)
  }, [place, seek, history])

  const state = useObservable(history.state)
  useRetry(state.error, history.retry)
  return useMemo(
    () => ({
      ...state,
      sought,
      seek,
      loadOlder: history.loadOlder,
      loadNewer: history.loadNewer,
      retry: history.retry,
    }),
    [state, sought, seek, history],
  )
}

/** Whether nothing has to be loaded to show it. */
function isWithin(seq: number, { messages, hasOlder, hasNewer, isOpening }: WindowState): boolean {
  const [oldest, newest] = [messages[0], messages.at(-1)]
  if (isOpening || !oldest || !newest) return false
  return (!hasOlder || seq > oldest.seq) && (!hasNewer || seq <= newest.seq)
}

function nothing(): void {}
