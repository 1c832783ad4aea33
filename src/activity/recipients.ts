import type { Position } from '../log/change.ts'
import type { Listener } from '../realtime/rooms.ts'

/** A message, by its number and the place of its creation in the log. */
interface Place {
  seq: number
  position: Position
}

/** Those to whom a conversation's newest messages are on their way. */
export class Recipients {
  /** What was sent since they were last looked at, and the one before. */
  #places: Place[] = []
  #listeners: ReadonlySet<Listener> = new Set()
  #departed: Listener[] = []
  readonly #marked = new Map<string, number>()
  #hasNew = false
  #isDone = false

  /** Whether there is nothing more to expect before the next message. */
  get isDone(): boolean {
    return this.#isDone
  }

  /** @param listeners who may get it, now or later */
  expect({ seq, position }: Place, listeners: ReadonlySet<Listener>): void {
    this.#places.push({ seq, position })
    this.#listeners = listeners
    this.#hasNew = true
  }

  /** What he had until he went counts. */
  leave(listener: Listener): void {
    this.#departed.push(listener)
  }

  /** What each has had, by user, as far as it is more than at the last time. */
  collect(): Map<string, number> {
    const news = new Map<string, number>()
    let isAnyBehind = false
    for (const listener of [...this.#listeners, ...this.#departed]) {
      const { userId, since, received } = listener
      isAnyBehind ||= listener.isBehind
      const seq = this.#newestBetween(since, received)
      if (seq <= (this.#marked.get(userId) ?? 0)) continue
      this.#marked.set(userId, seq)
      news.set(userId, seq)
    }
    // Looked at once more after the newest: it may have been about to be sent.
    this.#isDone = !this.#hasNew && !isAnyBehind
    this.#hasNew = false
    this.#places = this.#places.slice(-1)
    this.#departed = []
    return news
  }

  /** What was sent before somebody came hasn't reached him, however much has since. */
  #newestBetween(since: Position | null, received: Position | null): number {
    if (since === null || received === null) return 0
    const newest = this.#places.findLast(({ position }) => position <= received)
    return newest && newest.position >= since ? newest.seq : 0
  }
}
