import { useCallback } from 'react'
import { useSubscription } from 'urql'
import { useChat } from '../chat.ts'
import type { Conversation } from '../client/fragments.ts'
import { useReturn } from '../client/use-return.ts'
import { Activity } from '../conversation/message-operations.ts'

const MOST = 20 // conversations that are listened to at once

/** Listens to conversations with something unread, so that the cache hears when it is read in another tab or on another device. */
export function ReadElsewhere({ conversations }: { conversations: readonly Conversation[] }) {
  return conversations
    .filter(({ unreadCount }) => unreadCount > 0)
    .slice(0, MOST)
    .map(({ id }) => <Listener key={id} conversationId={id} />)
}

function Listener({ conversationId }: { conversationId: string }) {
  const { unknown } = useChat()
  useSubscription({ query: Activity, variables: { conversationId } })
  useReturn(useCallback(() => unknown.load(conversationId), [unknown, conversationId]))
  return null
}
