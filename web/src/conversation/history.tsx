import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useMutation } from 'urql'
import { useChat } from '../chat.ts'
import type { Conversation, Message } from '../client/fragments.ts'
import type { Place } from '../route.ts'
import { usePageVisible } from '../ui/use-page-visible.ts'
import { MessageList } from './message-list.tsx'
import { MarkRead } from './message-operations.ts'
import type { MessageHandlers } from './message-row.tsx'
import type { Outgoing } from './outbox.ts'
import { rowsOf } from './rows.ts'
import { TypingLine } from './typing-line.tsx'
import { useActivity } from './use-activity.ts'
import { useHistory } from './use-history.ts'

interface Props extends Omit<MessageHandlers, 'onJump'> {
  conversation: Conversation
  place: Place
  outgoing: readonly Outgoing[]
  onLastOwn: (message: Message | undefined) => void
}

/** A conversation's messages, what goes on besides them, and the note that they have been read. */
export function History({ conversation, place, outgoing, onReply, onEdit, onLastOwn }: Props) {
  const { session } = useChat()
  const viewerId = session.user.id
  const history = useHistory(conversation.id, place)
  const { messages, hasOlder, hasNewer, seek } = history
  const { typists, marks, readSeq } = useActivity(conversation.id)
  const [isAtEnd, setIsAtEnd] = useState(false)
  const [wasUnread] = useState(conversation.unreadCount > 0)
  const [firstReadSeq, setFirstReadSeq] = useState<number | null>(null)
  if (wasUnread && firstReadSeq === null && readSeq !== null) setFirstReadSeq(readSeq)
  const rows = useMemo(
    () => rowsOf(messages, outgoing, { viewerId, readSeq: firstReadSeq, hasOlder, hasNewer }),
    [messages, outgoing, viewerId, firstReadSeq, hasOlder, hasNewer],
  )
  useMarkRead(conversation, messages.at(-1)?.seq ?? 0, isAtEnd && !hasNewer)

  const written = outgoing.at(-1)?.clientId ?? ''
  const lastWritten = useRef(written)
  useLayoutEffect(() => {
    if (written > lastWritten.current) seek(Infinity)
    lastWritten.current = written
  }, [written, seek])

  const lastOwn = hasNewer
    ? undefined
    : messages.findLast(({ sender, deletedAt, kind }) => sender.id === viewerId && !deletedAt && kind !== 'SYSTEM')
  useEffect(() => onLastOwn(lastOwn), [lastOwn, onLastOwn])

  const isManager =
    conversation.__typename === 'Group' && (conversation.viewerRole === 'OWNER' || conversation.viewerRole === 'ADMIN')

  return (
    <>
      <MessageList
        rows={rows}
        history={history}
        viewerId={viewerId}
        canModerate={isManager}
        marks={marks}
        unreadCount={conversation.unreadCount}
        isWaiting={hasNewer && outgoing.some(({ fault }) => fault === null)}
        onEnd={setIsAtEnd}
        onReply={onReply}
        onEdit={onEdit}
      />
      <TypingLine names={typists} />
    </>
  )
}

/** Marks what is shown as read, while somebody looks at it. */
function useMarkRead(conversation: Conversation, lastSeq: number, isAtEnd: boolean): void {
  const [, markRead] = useMutation(MarkRead)
  const isVisible = usePageVisible()
  const marked = useRef(0)
  const { id, unreadCount } = conversation
  useEffect(() => {
    if (!isVisible || !isAtEnd || unreadCount === 0 || lastSeq <= marked.current) return
    marked.current = lastSeq
    void markRead({ input: { conversationId: id, upToSeq: lastSeq } }).then(({ error }) => {
      if (error) marked.current = 0
    })
  }, [id, unreadCount, lastSeq, isAtEnd, isVisible, markRead])
}
