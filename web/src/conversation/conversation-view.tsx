import { type DragEvent, useCallback, useMemo, useState } from 'react'
import { useChat } from '../chat.ts'
import type { Conversation, Message, User } from '../client/fragments.ts'
import { useObservable } from '../client/observable.ts'
import { nameOf } from '../conversations/names.ts'
import type { Place } from '../route.ts'
import { Composer, type Regarding } from './composer.tsx'
import { ConversationHeader } from './conversation-header.tsx'
import { History } from './history.tsx'
import { MessageList } from './message-list.tsx'
import type { Target } from './outbox.ts'
import { rowsOf } from './rows.ts'
import { NO_HISTORY } from './use-history.ts'
import { useUploads } from './use-uploads.ts'
import './conversation-view.css'

interface Props {
  /** Null where the two haven't written each other yet. */
  conversation: Conversation | null
  peer?: User
  place: Place
}

export function ConversationView({ conversation, peer, place }: Props) {
  const { session, outbox } = useChat()
  const [regarding, setRegarding] = useState<Regarding>(null)
  const [isOver, setIsOver] = useState(false)
  const target = targetOf(conversation, peer)
  const files = useUploads(target.id)
  const allOutgoing = useObservable(outbox.items)
  const outgoing = useMemo(() => allOutgoing.filter((item) => item.target.id === target.id), [allOutgoing, target.id])
  const [lastOwn, setLastOwn] = useState<Message | undefined>()
  const name = conversation ? nameOf(conversation) : (peer?.displayName ?? '')
  const reply = useCallback((message: Message) => setRegarding({ type: 'reply', message }), [])
  const edit = useCallback((message: Message) => setRegarding({ type: 'edit', message }), [])

  function drop(event: DragEvent): void {
    event.preventDefault()
    setIsOver(false)
    files.add(event.dataTransfer.files)
  }

  return (
    <section
      className="conversation"
      aria-label={name}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOver(false)
      }}
      onDrop={drop}
    >
      <ConversationHeader conversation={conversation} peer={peer} />
      {conversation ? (
        <History
          conversation={conversation}
          place={place}
          outgoing={outgoing}
          onReply={reply}
          onEdit={edit}
          onLastOwn={setLastOwn}
        />
      ) : (
        <MessageList
          rows={rowsOf([], outgoing, { viewerId: session.user.id, readSeq: null, hasOlder: false, hasNewer: false })}
          history={NO_HISTORY}
          viewerId={session.user.id}
          canModerate={false}
          marks={null}
          unreadCount={0}
          isWaiting={false}
          onEnd={nothing}
          onReply={reply}
          onEdit={edit}
        />
      )}
      <Composer
        key={target.id}
        name={name}
        target={target}
        conversationId={conversation?.id ?? null}
        lastSeq={conversation?.lastMessage?.seq ?? 0}
        regarding={regarding}
        setRegarding={setRegarding}
        lastOwn={lastOwn}
        files={files}
      />
    </section>
  )
}

function targetOf(conversation: Conversation | null, peer: User | undefined): Target {
  if (conversation?.__typename === 'Group') return { type: 'group', id: conversation.id }
  return { type: 'user', id: conversation?.peer.id ?? peer?.id ?? '' }
}

function nothing(): void {}
