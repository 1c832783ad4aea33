import type { Message } from '../client/fragments.ts'
import { useAction } from '../client/use-action.ts'
import { React, Unreact } from './message-operations.ts'

/** What people have left on a message; a click joins in, or takes one's own back. */
export function MessageReactions({ message }: { message: Message }) {
  const react = useAction(React)
  const unreact = useAction(Unreact)
  if (message.reactions.length === 0) return null
  return (
    <div className="reactions">
      {message.reactions.map(({ emoji, count, users, viewerHasReacted: isOwn }) => {
        const more = count - users.length
        const names = [...users.map(({ displayName }) => displayName), ...(more > 0 ? [`${more} more`] : [])].join(', ')
        const input = { messageId: message.id, emoji }
        return (
          <button
            key={emoji}
            type="button"
            aria-pressed={isOwn}
            aria-label={`${emoji} ${count}: ${names}`}
            title={names}
            onClick={() => void (isOwn ? unreact({ input }) : react({ input }))}
          >
            {emoji} <span>{count}</span>
          </button>
        )
      })}
    </div>
  )
}
