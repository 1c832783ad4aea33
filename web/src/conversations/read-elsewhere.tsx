import { useCallback, useEffect, useRef } from 'react'
import { useClient, useSubscription } from 'urql'
import type { Conversation } from '../client/fragments.ts'
import { useReturn } from '../client/use-return.ts'
import { Activity } from '../conversation/message-operations.ts'
import type { Place } from '../route.ts'
import { usePageVisible } from '../ui/use-page-visible.ts'
import { Standing } from './conversation-operations.ts'
import { isAt } from './names.ts'

const MOST_LISTENED = 20 // conversations at once
const MOST_ASKED = 100 // conversations at once

/**
 * Has the cache know when what is unread here has been read in another tab or on another device. The newest of these
 * conversations are listened to. Of the others, and of groups too large for anybody to be told, it is asked when the page
 * is looked at again or is connected again.
 */
export function ReadElsewhere({
  conversations,
  place,
}: {
  conversations: readonly Conversation[]
  place: Place | null
}) {
  const client = useClient()
  const isVisible = usePageVisible()
  const hasBeenHidden = useRef(false)
  const unread = conversations.filter(({ unreadCount }) => unreadCount > 0)
  // What is open is being read here, of which an answer might not know yet.
  const elsewhere = useRef(unread)
  elsewhere.current = unread.filter((conversation) => !isAt(place, conversation))

  const ask = useCallback(() => {
    const ids = elsewhere.current.slice(0, MOST_ASKED).map(({ id }) => id)
    if (ids.length > 0) void client.query(Standing, { ids }, { requestPolicy: 'network-only' }).toPromise()
  }, [client])
  useReturn(ask)
  useEffect(() => {
    if (isVisible && hasBeenHidden.current) ask()
    hasBeenHidden.current ||= !isVisible
  }, [isVisible, ask])

  return unread.slice(0, MOST_LISTENED).map(({ id }) => <Listener key={id} conversationId={id} />)
}

function Listener({ conversationId }: { conversationId: string }) {
  useSubscription({ query: Activity, variables: { conversationId } })
  return null
}
