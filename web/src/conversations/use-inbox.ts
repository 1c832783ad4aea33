import { useEffect, useRef } from 'react'
import { type Client, useClient } from 'urql'
import { useChat } from '../chat.ts'
import { codeOf } from '../client/errors.ts'
import { isOutsider } from '../client/fragments.ts'
import { waitForNetwork } from '../client/live-line.ts'
import type { InboxSubscription } from '../generated/graphql.ts'
import { Inbox, Membership, OpenConversation } from './conversation-operations.ts'

export type InboxEvent = InboxSubscription['inbox']

const RETRY_WAIT = 5_000 // ms

/** Listens to all that happens; the cache takes it in. @param cursor from where, once that is known */
export function useInbox(cursor: string | null, onEvent: (event: InboxEvent) => void): void {
  const client = useClient()
  const { unknown, startOver } = useChat()
  const latest = useRef(onEvent)
  latest.current = onEvent

  useEffect(() => {
    unknown.load = (id) => {
      // Not while the cache is written, which is when it notices.
      queueMicrotask(() => void reload(client, id))
    }
  }, [client, unknown])

  useEffect(() => {
    if (!cursor) return
    let after = cursor
    let isOver = false
    let stop = listen()

    function listen(): () => void {
      return client.subscription(Inbox, { after }).subscribe(({ data: result, error }) => {
        if (result) {
          after = result.inbox.cursor
          latest.current(result.inbox)
        }
        if (!error) return
        // The log no longer knows the cursor: what was missed can't be told, so all is loaded anew.
        if (codeOf(error) === 'BAD_USER_INPUT') return startOver()
        stop()
        void waitForNetwork(RETRY_WAIT).then(() => {
          if (!isOver) stop = listen()
        })
      }).unsubscribe
    }
    return () => {
      isOver = true
      stop()
    }
  }, [client, cursor, startOver])
}

async function reload(client: Client, id: string): Promise<void> {
  const fresh = { requestPolicy: 'network-only' } as const
  const { data } = await client.query(Membership, { id }, fresh).toPromise()
  if (data?.node && !isOutsider(data.node)) await client.query(OpenConversation, { id }, fresh).toPromise()
}
