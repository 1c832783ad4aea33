import type { ListenUnderLoadSubscription } from '../generated/graphql.ts'
import { dataOf } from '../support/operation.ts'
import { listen } from './operations.ts'
import type { Person } from './person.ts'

/** An event as a listener had it. */
export type Heard = ListenUnderLoadSubscription['groupMessages']

export interface ListenerOptions {
  person: Person
  groupId: string
  /** Where he begins; from then on he resumes from what he heard last. */
  after: string
  onHeard: () => void
  onClosed: (code: number) => void
}

/** Listens whatever becomes of the line, as a client should: a new line resumes where the old one broke. */
export interface LoadListener {
  readonly heard: readonly Heard[]
  /** Why he doesn't listen any more. */
  readonly fault: Error | null
  close(): void
}

export function startListener({ person, groupId, after, onHeard, onClosed }: ListenerOptions): LoadListener {
  const heard: Heard[] = []
  let fault: Error | null = null
  const place = { groupId, after }
  const socket = person.openSocket(onClosed)

  socket.listen(listen, place, {
    next(answer) {
      try {
        const event = dataOf(answer).groupMessages
        heard.push(event)
        place.after = event.cursor
      } catch (error) {
        fault = error as Error
      }
      onHeard()
    },
    over(reason) {
      fault = reason
      onHeard()
    },
  })

  return {
    heard,
    get fault() {
      return fault
    },
    close: socket.close,
  }
}
