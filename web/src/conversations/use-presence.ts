import { useMemo } from 'react'
import { useSubscription } from 'urql'
import type { Conversation } from '../client/fragments.ts'
import { Presence } from './conversation-operations.ts'

const MOST = 200 // users that one subscription takes

/** Keeps the cache up to date on who is online of those whom the viewer talks with directly. */
export function usePresence(conversations: readonly Conversation[]): void {
  const key = conversations
    .flatMap((conversation) => (conversation.__typename === 'DirectConversation' ? [conversation.peer.id] : []))
    .slice(0, MOST)
    .sort()
    .join(' ')
  const userIds = useMemo(() => (key ? key.split(' ') : []), [key])
  useSubscription({ query: Presence, variables: { userIds }, pause: userIds.length === 0 })
}
