import type { ShownMessage } from './operations.ts'

const MOST_KEPT = 2_000 // messages that can be spoken of by their number

/** What a message has become, compared with what was shown of it. */
export type Change = 'new' | 'edited' | 'deleted' | 'reactions'

/** What is shown of one conversation: it keeps a message that comes on several ways from being shown twice. */
export interface Timeline {
  /** Takes in a page of history: the newest, or what lies before. @returns those that weren't shown */
  load(messages: readonly ShownMessage[]): ShownMessage[]
  /** Takes in a message as it is now. @returns what is to be shown of it; null for nothing */
  take(message: ShownMessage): Change | null
  find(seq: number): ShownMessage | undefined
  /** The last shown one for which that holds. */
  findLast(condition: (message: ShownMessage) => boolean): ShownMessage | undefined
  /** The newest one's `seq`. */
  readonly lastSeq: number
}

export function createTimeline(): Timeline {
  const shown = new Map<number, ShownMessage>()
  let loadedUpTo = 0
  let lastSeq = 0

  function keep(message: ShownMessage) {
    shown.set(message.seq, message)
    lastSeq = Math.max(lastSeq, message.seq)
    const [oldest] = shown.keys()
    if (shown.size > MOST_KEPT && oldest !== undefined) shown.delete(oldest)
  }

  return {
    load(messages) {
      const unknown = messages.filter(({ seq }) => !shown.has(seq))
      if (lastSeq === 0) loadedUpTo = messages.at(-1)?.seq ?? 0
      unknown.forEach(keep)
      return unknown
    },

    take(message) {
      const known = shown.get(message.seq)
      // What lies before the loaded page isn't shown, nor is what becomes of it.
      if (!known && message.seq <= loadedUpTo) return null
      const change = known ? compare(known, message) : 'new'
      if (change) keep(message)
      return change
    },

    find: (seq) => shown.get(seq),
    findLast: (condition) =>
      [...shown.values()]
        .filter(condition)
        .toSorted((a, b) => a.seq - b.seq)
        .at(-1),
    get lastSeq() {
      return lastSeq
    },
  }
}

function compare(before: ShownMessage, now: ShownMessage): Change | null {
  if (now.deletedAt !== before.deletedAt) return 'deleted'
  if (now.content !== before.content || now.editedAt !== before.editedAt) return 'edited'
  return JSON.stringify(now.reactions) === JSON.stringify(before.reactions) ? null : 'reactions'
}
