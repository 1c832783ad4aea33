import { useState } from 'react'
import type { Message } from '../client/fragments.ts'
import { useAction } from '../client/use-action.ts'
import { EmojiButton } from '../emoji/emoji-button.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { DeleteMessage, React } from './message-operations.ts'
import type { MessageHandlers } from './message-row.tsx'

interface Props extends Pick<MessageHandlers, 'onReply' | 'onEdit'> {
  message: Message
  isOwn: boolean
  canDelete: boolean
}

/** What can be done with a message: shown on hovering over it, and to who comes by with the keyboard. */
export function MessageActions({ message, isOwn, canDelete, onReply, onEdit }: Props) {
  const [isDeleting, setIsDeleting] = useState(false)
  const react = useAction(React)
  const remove = useAction(DeleteMessage)

  return (
    <div className="message-actions" data-open={isDeleting || undefined}>
      <EmojiButton label="React" isQuick onPick={(emoji) => void react({ input: { messageId: message.id, emoji } })} />
      <IconButton label="Reply" onClick={() => onReply(message)}>
        <Icon name="reply" />
      </IconButton>
      {isOwn && (
        <IconButton label="Edit" onClick={() => onEdit(message)}>
          <Icon name="edit" />
        </IconButton>
      )}
      {canDelete && (
        <IconButton label="Delete" onClick={() => setIsDeleting(true)}>
          <Icon name="trash" />
        </IconButton>
      )}
      {isDeleting && (
        <Dialog title="Delete this message?" onClose={() => setIsDeleting(false)}>
          <p>Nobody will be able to read it any more. That it was there stays visible.</p>
          <Button
            kind="danger"
            onClick={() => {
              setIsDeleting(false)
              void remove({ input: { messageId: message.id } })
            }}
          >
            Delete
          </Button>
        </Dialog>
      )}
    </div>
  )
}
