import { memo } from 'react'
import type { Conversation } from '../client/fragments.ts'
import { addressOf } from '../route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Icon } from '../ui/icon.tsx'
import { gist, nameOf, pictureOf } from './names.ts'
import { shortTimeOf } from './times.ts'

interface Props {
  conversation: Conversation
  isOpen: boolean
  viewerId: string
}

export const ConversationRow = memo(function ConversationRow({ conversation, isOpen, viewerId }: Props) {
  const { lastMessage, unreadCount, mentionCount, muted } = conversation
  const isOnline = conversation.__typename === 'DirectConversation' && conversation.peer.online
  const name = nameOf(conversation)
  return (
    <li>
      <a
        className="conversation-row"
        href={addressOf({ type: 'conversation', id: conversation.id })}
        aria-current={isOpen ? 'page' : undefined}
      >
        <span className="presence" data-online={isOnline || undefined}>
          <Avatar name={name} url={pictureOf(conversation)} size={38} />
          {isOnline && <span className="visually-hidden">online</span>}
        </span>
        <span className="conversation-name" dir="auto">
          {name}
        </span>
        {muted && (
          <span className="conversation-muted" title="Muted">
            <Icon name="bellOff" size={14} />
          </span>
        )}
        {lastMessage && <time dateTime={lastMessage.createdAt}>{shortTimeOf(lastMessage.createdAt)}</time>}
        <span className="conversation-gist" dir="auto">
          {lastMessage && `${speaker(conversation, viewerId)}${gist(lastMessage)}`}
        </span>
        {unreadCount > 0 && (
          <span className="badge" data-quiet={(muted && mentionCount === 0) || undefined}>
            {mentionCount > 0 && '@'}
            {unreadCount > 999 ? '999+' : unreadCount}
            <span className="visually-hidden"> unread</span>
          </span>
        )}
      </a>
    </li>
  )
})

function speaker({ __typename, lastMessage }: Conversation, viewerId: string): string {
  if (!lastMessage) return ''
  if (lastMessage.kind === 'SYSTEM') return `${lastMessage.sender.displayName} `
  if (lastMessage.sender.id === viewerId) return 'You: '
  return __typename === 'Group' ? `${lastMessage.sender.displayName}: ` : ''
}
