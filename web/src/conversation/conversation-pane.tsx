import { useQuery } from 'urql'
import { isPassing } from '../client/errors.ts'
import { type Conversation, isOutsider, type User } from '../client/fragments.ts'
import { useRetry } from '../client/use-retry.ts'
import { OpenConversation, OpenDirect } from '../conversations/conversation-operations.ts'
import type { Place } from '../route.ts'
import { ConversationView } from './conversation-view.tsx'

/** What is open on the right: a conversation, or the beginning of one. */
export function ConversationPane({ place }: { place: Place }) {
  // Its own key for each: a query goes on giving what it gave for the last one while it loads.
  return place.type === 'conversation' ? (
    <ById key={place.id} place={place} />
  ) : (
    <WithUser key={place.id} place={place} />
  )
}

function ById({ place }: { place: Place }) {
  const { id } = place
  const [{ data, fetching, error }, ask] = useQuery({ query: OpenConversation, variables: { id } })
  useRetry(error, ask)
  const node = data?.node
  if (node && 'unreadCount' in node && !isOutsider(node))
    return <ConversationView conversation={node as Conversation} place={place} />
  return (
    <Notice
      text={
        fetching
          ? ''
          : error && isPassing(error)
            ? 'The conversation could not be loaded.'
            : 'There is no such conversation, or you are no longer in it.'
      }
    />
  )
}

function WithUser({ place }: { place: Place }) {
  const [{ data, fetching, error }, ask] = useQuery({ query: OpenDirect, variables: { userId: place.id } })
  useRetry(error, ask)
  const peer = data?.user as User | null | undefined
  if (!peer) {
    const text = error && isPassing(error) ? 'The conversation could not be loaded.' : 'There is no such user.'
    return <Notice text={fetching ? '' : text} />
  }
  return <ConversationView conversation={data?.directConversation ?? null} peer={peer} place={place} />
}

export function Notice({ text }: { text: string }) {
  return <p className="notice">{text}</p>
}
