import { type KeyboardEvent, useRef } from 'react'
import type { Conversation } from '../client/fragments.ts'
import type { Place } from '../route.ts'
import { Button } from '../ui/button.tsx'
import { ConversationRow } from './conversation-row.tsx'
import './conversation-list.css'

interface Props {
  conversations: readonly Conversation[]
  place: Place | null
  viewerId: string
  hasMore: boolean
  isLoading: boolean
  loadMore: () => void
}

/** The conversations, one a line; the arrow keys go through them. */
export function ConversationList({ conversations, place, viewerId, hasMore, isLoading, loadMore }: Props) {
  const list = useRef<HTMLUListElement>(null)

  function move(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step) return
    const links = [...(list.current?.querySelectorAll('a') ?? [])]
    links[links.indexOf(document.activeElement as HTMLAnchorElement) + step]?.focus()
    event.preventDefault()
  }

  return (
    <nav className="conversations" aria-label="Conversations" onKeyDown={move}>
      <ul ref={list}>
        {conversations.map((conversation) => (
          <ConversationRow
            key={conversation.id}
            conversation={conversation}
            isOpen={isAt(place, conversation)}
            viewerId={viewerId}
          />
        ))}
      </ul>
      {hasMore && (
        <Button kind="plain" onClick={loadMore} disabled={isLoading}>
          Show more
        </Button>
      )}
      {!hasMore && !isLoading && conversations.length === 0 && (
        <p className="conversations-empty">No conversations yet. Start one with +.</p>
      )}
    </nav>
  )
}

function isAt(place: Place | null, conversation: Conversation): boolean {
  if (place?.type === 'user') {
    return conversation.__typename === 'DirectConversation' && conversation.peer.id === place.id
  }
  return place?.id === conversation.id
}
