import { useCallback, useEffect, useRef, useState } from 'react'
import { useChat } from './chat.ts'
import { ConnectionLine } from './connection-line.tsx'
import { ConversationPane, Notice } from './conversation/conversation-pane.tsx'
import { gist } from './conversations/names.ts'
import { noteLooking, notify } from './conversations/notices.ts'
import { ReadElsewhere } from './conversations/read-elsewhere.tsx'
import { useConversations } from './conversations/use-conversations.ts'
import { type InboxEvent, useInbox } from './conversations/use-inbox.ts'
import { usePresence } from './conversations/use-presence.ts'
import { FailureLine } from './failure-line.tsx'
import { usePlace } from './route.ts'
import { Sidebar } from './sidebar.tsx'
import { usePageVisible } from './ui/use-page-visible.ts'
import './chat-page.css'

/** The list of conversations beside the one that is open; on a phone, one or the other. */
export function ChatPage() {
  const { session, unknown } = useChat()
  const viewerId = session.user.id
  const place = usePlace()
  const list = useConversations()
  const [heard, setHeard] = useState('')
  const latest = useRef(list.conversations)
  latest.current = list.conversations

  useInbox(
    list.cursor,
    useCallback(
      (event: InboxEvent) => {
        const { message, type } = event
        const conversation = latest.current.find(({ id }) => id === message.conversation.id)
        void notify(event, conversation, viewerId)
        // It tells of a change of the group, or of its members.
        if (message.kind === 'SYSTEM') unknown.load(message.conversation.id)
        if (type === 'CREATED' && message.sender.id !== viewerId)
          setHeard(`${message.sender.displayName}: ${gist(message)}`)
      },
      [viewerId, unknown],
    ),
  )
  usePresence(list.conversations)
  const isVisible = usePageVisible()
  useEffect(() => (isVisible ? noteLooking() : undefined), [isVisible])

  const unread = list.conversations.reduce((sum, { unreadCount, muted }) => sum + (muted ? 0 : unreadCount), 0)
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ChatServer` : 'ChatServer'
  }, [unread])

  return (
    <div className="chat" data-open={place ? '' : undefined}>
      <header className="chat-lines">
        <ConnectionLine />
        <FailureLine />
      </header>
      <Sidebar list={list} place={place} />
      <main className="chat-main">
        {place ? <ConversationPane place={place} /> : <Notice text="Pick a conversation, or start one." />}
      </main>
      <ReadElsewhere conversations={list.conversations} place={place} />
      <p className="visually-hidden" role="log" aria-live="polite">
        {heard}
      </p>
    </div>
  )
}
