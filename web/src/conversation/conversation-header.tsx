import { useState } from 'react'
import type { Conversation, User } from '../client/fragments.ts'
import { useAction } from '../client/use-action.ts'
import { nameOf, pictureOf } from '../conversations/names.ts'
import { momentOf } from '../conversations/times.ts'
import { GroupDialog } from '../groups/group-dialog.tsx'
import { leave } from '../route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Mute, Unmute } from './message-operations.ts'
import { PersonDialog } from './person-dialog.tsx'

/** With whom one talks. */
export function ConversationHeader({
  conversation,
  peer,
}: {
  conversation: Conversation | null
  peer?: User | undefined
}) {
  const [isAsking, setIsAsking] = useState(false)
  const mute = useAction(Mute)
  const unmute = useAction(Unmute)
  const person = conversation?.__typename === 'Group' ? undefined : (conversation?.peer ?? peer)
  const name = conversation ? nameOf(conversation) : (peer?.displayName ?? '')
  return (
    <header className="conversation-header">
      <IconButton label="Back to the conversations" className="conversation-back" onClick={leave}>
        <Icon name="back" size={20} />
      </IconButton>
      <Avatar name={name} url={conversation ? pictureOf(conversation) : peer?.avatarUrl} size={34} />
      <div className="conversation-title">
        <h2 dir="auto">{name}</h2>
        <p>{conversation ? subtitle(conversation) : `@${peer?.username}`}</p>
      </div>
      {conversation && (
        <IconButton
          label={conversation.muted ? 'Unmute' : 'Mute'}
          onClick={() => {
            const input = { conversationId: conversation.id }
            void (conversation.muted ? unmute({ input }) : mute({ input }))
          }}
        >
          <Icon name={conversation.muted ? 'bellOff' : 'bell'} size={20} />
        </IconButton>
      )}
      <IconButton label={person ? 'About this person' : 'About this group'} onClick={() => setIsAsking(true)}>
        <Icon name="info" size={20} />
      </IconButton>
      {isAsking && conversation?.__typename === 'Group' && (
        <GroupDialog groupId={conversation.id} onClose={() => setIsAsking(false)} />
      )}
      {isAsking && person && <PersonDialog user={person} onClose={() => setIsAsking(false)} />}
    </header>
  )
}

function subtitle(conversation: Conversation): string {
  if (conversation.__typename === 'Group') {
    return `${conversation.memberCount} ${conversation.memberCount === 1 ? 'member' : 'members'}`
  }
  const { online, lastSeenAt, username } = conversation.peer
  if (online) return 'online'
  return lastSeenAt ? `last seen ${momentOf(lastSeenAt)}` : `@${username}`
}
