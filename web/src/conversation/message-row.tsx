import { memo } from 'react'
import type { Message } from '../client/fragments.ts'
import { gist } from '../conversations/names.ts'
import { momentOf, timeOf } from '../conversations/times.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Icon } from '../ui/icon.tsx'
import { MessageActions } from './message-actions.tsx'
import { MessageMedia } from './message-media.tsx'
import { MessageReactions } from './message-reactions.tsx'
import { MessageText } from './message-text.tsx'
import './message-row.css'

export type Status = 'sent' | 'delivered' | 'read'

export interface MessageHandlers {
  onReply(message: Message): void
  onEdit(message: Message): void
  onJump(seq: number): void
}

interface Props extends MessageHandlers {
  message: Message
  /** Whether it goes on from the one above: the same sender, shortly after. */
  isContinued: boolean
  viewerId: string
  canModerate: boolean
  /** Null for the messages of others, and where nobody keeps it. */
  status: Status | null
}

const STATUS = { sent: ['check', 'Sent'], delivered: ['checks', 'Delivered'], read: ['checks', 'Read'] } as const

export const MessageRow = memo(function MessageRow(props: Props) {
  const { message, isContinued, viewerId, canModerate, status, onReply, onEdit, onJump } = props
  const { sender, content, deletedAt, editedAt, createdAt, replyTo, mediaUrl } = message

  if (message.kind === 'SYSTEM') {
    return (
      <p className="message-system">
        <b dir="auto">{sender.displayName}</b> <span dir="auto">{content}</span>
      </p>
    )
  }
  const notes = (
    <span className="message-notes" dir="ltr">
      {editedAt && <span title={momentOf(editedAt)}>edited</span>}
      {status && (
        <span className="message-status" data-status={status} title={STATUS[status][1]}>
          <Icon name={STATUS[status][0]} size={14} />
          <span className="visually-hidden">{STATUS[status][1]}</span>
        </span>
      )}
    </span>
  )
  return (
    <article
      className="message"
      data-continued={isContinued || undefined}
      data-own={sender.id === viewerId || undefined}
      tabIndex={-1}
      aria-label={`${sender.displayName}, ${momentOf(createdAt)}`}
    >
      {!isContinued && (
        <>
          <Avatar name={sender.displayName} url={sender.avatarUrl} />
          <header>
            <b dir="auto">{sender.displayName}</b>
            <time dateTime={createdAt} title={momentOf(createdAt)}>
              {timeOf(createdAt)}
            </time>
          </header>
        </>
      )}
      {isContinued && (
        <time className="message-aside" dateTime={createdAt} title={momentOf(createdAt)}>
          {timeOf(createdAt)}
        </time>
      )}
      <div className="message-body">
        {replyTo && !deletedAt && (
          <button type="button" className="message-quote" onClick={() => onJump(replyTo.seq)}>
            <b>{replyTo.sender.displayName}</b> <span dir="auto">{gist(replyTo)}</span>
          </button>
        )}
        {deletedAt && <p className="message-deleted">Message deleted</p>}
        {!deletedAt && mediaUrl && <MessageMedia kind={message.kind} url={mediaUrl} alt={content || 'Picture'} />}
        {!deletedAt && content && (
          <MessageText text={content} mentions={message.mentions}>
            {notes}
          </MessageText>
        )}
        {!deletedAt && !content && notes}
        {!deletedAt && <MessageReactions message={message} />}
      </div>
      {!deletedAt && (
        <MessageActions
          message={message}
          isOwn={sender.id === viewerId}
          canDelete={sender.id === viewerId || canModerate}
          onReply={onReply}
          onEdit={onEdit}
        />
      )}
    </article>
  )
})
