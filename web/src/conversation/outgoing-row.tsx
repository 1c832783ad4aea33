import { memo } from 'react'
import { useChat } from '../chat.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { isOwnAddress } from '../ui/media-address.ts'
import { MessageText } from './message-text.tsx'
import type { Outgoing } from './outbox.ts'

/** A message that is still under way, or couldn't be sent. */
export const OutgoingRow = memo(function OutgoingRow({ item }: { item: Outgoing }) {
  const { outbox } = useChat()
  return (
    <article className="message" data-own data-continued data-pending tabIndex={-1} aria-label="Your message">
      <div className="message-body">
        {item.replyTo && (
          <p className="message-quote">
            <b>{item.replyTo.name}</b> <span dir="auto">{item.replyTo.gist}</span>
          </p>
        )}
        {item.mediaUrl && isOwnAddress(item.mediaUrl) && (
          <p className="message-deleted">{item.mediaUrl.split('/').at(-1)}</p>
        )}
        <MessageText text={item.content} mentions={[]}>
          {item.fault === null && (
            <span className="message-notes" title="Being sent">
              <Icon name="clock" size={13} />
              <span className="visually-hidden">Being sent</span>
            </span>
          )}
        </MessageText>
        {item.fault !== null && (
          <div className="message-fault" role="alert">
            <Icon name="warning" size={15} />
            <span>Not sent. {item.fault}</span>
            <Button kind="plain" onClick={() => outbox.retry(item.clientId)}>
              Try again
            </Button>
            <Button kind="plain" onClick={() => outbox.discard(item.clientId)}>
              Discard
            </Button>
          </div>
        )}
      </div>
    </article>
  )
})
