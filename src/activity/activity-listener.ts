import type { ActivityEvent } from '../realtime/bus.ts'
import type { Share } from '../realtime/subscriber.ts'

export interface ActivityListenerOptions {
  userId: string
  /** Left out where nobody asks for the same, or nobody can. */
  share?: Share | undefined
  /** Called once, when he has gone for whatever reason. */
  onEnd: () => void
}

/**
 * One subscription's stream of what goes on in a conversation. For one who doesn't read, the newest state of each
 * thing waits, and nothing else, so that he needs no limit.
 */
export class ActivityListener implements AsyncIterableIterator<ActivityEvent> {
  readonly #options: ActivityListenerOptions
  /** The newest event of each kind and user. */
  readonly #pending = new Map<string, ActivityEvent>()
  #waiting: ((result: IteratorResult<ActivityEvent>) => void) | null = null
  #ended = false
  readonly isWithdrawn = false

  constructor(options: ActivityListenerOptions) {
    this.#options = options
  }

  get userId(): string {
    return this.#options.userId
  }

  get share(): Share | undefined {
    return this.#options.share
  }

  get hasEnded(): boolean {
    return this.#ended
  }

  /** @param payload what it comes to, executed for all who ask for the same; null where he must do it by himself */
  tell(event: ActivityEvent, payload: string | null): void {
    if (this.#ended) return
    const { share } = this.#options
    // While he waits, he has been told of all before.
    if (payload !== null && this.#waiting && share?.isReading) {
      share.send(payload)
    } else {
      this.#pending.set(`${event.type} ${event.userId}`, event)
      this.#settle()
    }
  }

  /** Ends the stream at once: what waits is dropped. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#pending.clear()
    this.#settle()
    this.#options.onEnd()
  }

  next(): Promise<IteratorResult<ActivityEvent>> {
    return new Promise((resolve) => {
      this.#waiting = resolve
      this.#settle()
    })
  }

  async return(): Promise<IteratorResult<ActivityEvent>> {
    this.end()
    return { value: undefined, done: true }
  }

  async throw(error: unknown): Promise<never> {
    this.end()
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end()
  }

  #settle(): void {
    const waiting = this.#waiting
    const [first] = this.#pending
    if (!waiting || (!first && !this.#ended)) return
    this.#waiting = null
    if (first) this.#pending.delete(first[0])
    waiting(first ? { value: first[1], done: false } : { value: undefined, done: true })
  }
}
