import { useEffect, useRef } from 'react'
import type { Conversation } from '../client/fragments.ts'
import type { Place } from '../route.ts'
import { Button } from '../ui/button.tsx'
import { ConversationRow } from './conversation-row.tsx'
import { isAt } from './names.ts'
import './conversation-list.css'

interface Props {
  conversations: readonly Conversation[]
  place: Place | null
  viewerId: string
  hasMore: boolean
  isLoading: boolean
  error: Error | null
  loadMore: () => void
}

/** The conversations, one a line. More are loaded as one comes to the end of those that have been. */
export function ConversationList({ conversations, place, viewerId, hasMore, isLoading, error, loadMore }: Props) {
  return (
    <nav className="conversations" aria-label="Conversations">
      <ul>
        {conversations.map((conversation) => (
          <ConversationRow
            key={conversation.id}
            conversation={conversation}
            isOpen={isAt(place, conversation)}
            viewerId={viewerId}
          />
        ))}
      </ul>
      {error && <p className="conversations-empty">The conversations could not be loaded.</p>}
      {hasMore && <More isLoading={isLoading} hasFailed={!!error} loadMore={loadMore} />}
      {!hasMore && !isLoading && conversations.length === 0 && (
        <p className="conversations-empty">No conversations yet. Start one with +.</p>
      )}
    </nav>
  )
}

function More({ isLoading, hasFailed, loadMore }: { hasFailed: boolean } & Pick<Props, 'isLoading' | 'loadMore'>) {
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // What failed is tried again after a while, or when somebody asks for it.
    if (isLoading || hasFailed || !end.current) return
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) loadMore()
    })
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [isLoading, hasFailed, loadMore])
  return (
    <div ref={end} className="conversations-more">
      <Button kind="plain" onClick={loadMore} disabled={isLoading}>
        {hasFailed ? 'Try again' : 'Show more'}
      </Button>
    </div>
  )
}
