import type { MessageRow } from '../../src/log/change.ts'
import { Subscriber, type SubscriberOptions } from '../../src/realtime/subscriber.ts'

/** A log that is written to by hand; its messages hold only what a subscriber looks at. */
export function createLog() {
  const messages = new Map<number, MessageRow>()
  let position = 0n

  return {
    /** Creates a message, or changes the one with this number. */
    write(number = messages.size) {
      position += 1n
      const createdPosition = messages.get(number)?.createdPosition ?? position
      const message = { id: `${number}`, createdPosition, position, deletedAt: null } as MessageRow
      messages.set(number, message)
      return message
    },
    get size() {
      return messages.size
    },
    /** What a listener holds who was told everything: each message's latest position. */
    state: () => Object.fromEntries([...messages.values()].map((message) => [message.id, message.position])),
    scope: {
      head: async () => position,
      changes: async (after: bigint, limit: number) =>
        [...messages.values()]
          .filter((message) => message.position > after)
          .sort((a, b) => Number(a.position - b.position))
          .slice(0, limit),
    },
  }
}

/** Listens to such a log: to what comes, unless told otherwise. */
export function subscribeTo(log: ReturnType<typeof createLog>, options: Partial<SubscriberOptions> = {}): Subscriber {
  const ignore = () => {}
  const defaults = { userId: 'tom', after: null, queueLimit: 10, onRemoved: ignore, onTooSlow: ignore, onEnd: ignore }
  return new Subscriber({ log: log.scope, ...defaults, ...options })
}
