import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MessageRow, Position } from '../log/change.ts'
import type { CatchUp, LogPlace } from '../log/cursor.ts'
import type { LogScope } from '../log/reader.ts'

export type ChangeType = 'CREATED' | 'UPDATED' | 'DELETED'

/** A change as one subscriber sees it. */
export interface Delivery {
  type: ChangeType
  message: MessageRow
  /** Where he stands with it. */
  place: LogPlace
}

export interface SubscriberOptions {
  /** What he listens to. */
  log: LogScope
  /** Where he resumes; null starts with what comes next. */
  after: LogPlace | null
  queueLimit: number // changes that wait for him at most
  /** Called when he has let more wait than that. He hears nothing more. */
  onTooSlow: () => void
  /** Called once, when he has gone for whatever reason. */
  onEnd: () => void
}

const PAGE = 100 // messages read from the log at once

/**
 * One subscription's stream: first what the log holds after his cursor, page by page as he reads, then
 * what is pushed to him live. Positions decide where the one ends and the other begins, so that nothing
 * comes twice and nothing falls between.
 */
export class Subscriber implements AsyncIterableIterator<Delivery> {
  readonly #options: SubscriberOptions
  /** The last change that he was given, or his cursor; null before the first one of a live stream. */
  #position: Position | null
  /** Set while what the log holds comes first. */
  #catchUp: CatchUp | null
  /** Whether changes were pushed that he will find in the log alone. */
  #missed: boolean
  #page: MessageRow[] = []
  #isLastPage = false
  #queue: MessageRow[] = []
  #waiting: ((result: IteratorResult<Delivery>) => void) | null = null
  #ended = false

  constructor(options: SubscriberOptions) {
    this.#options = options
    this.#position = options.after?.position ?? null
    this.#catchUp = options.after?.catchUp ?? null
    this.#missed = options.after !== null
  }

  /** Hands him a change that is durable. The changes of one conversation are pushed in the log's order. */
  push(message: MessageRow): void {
    if (this.#ended) return
    this.#queue.push(message)
    if (this.#waiting) this.#settle(this.#waiting)
    else if (this.#queue.length > this.#options.queueLimit) this.#overflow()
  }

  /** Ends the stream at once: what waits is dropped. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#page = []
    this.#queue = []
    if (this.#waiting) this.#settle(this.#waiting)
    this.#options.onEnd()
  }

  async next(): Promise<IteratorResult<Delivery>> {
    while (!this.#ended) {
      const delivery = this.#take()
      if (delivery) return { value: delivery, done: false }
      if (this.#catchUp || this.#missed) await this.#readLog()
      else return new Promise((resolve) => (this.#waiting = resolve))
    }
    return { value: undefined, done: true }
  }

  async return(): Promise<IteratorResult<Delivery>> {
    this.end()
    return { value: undefined, done: true }
  }

  async throw(error: unknown): Promise<IteratorResult<Delivery>> {
    this.end()
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end()
  }

  #settle(waiting: (result: IteratorResult<Delivery>) => void): void {
    const delivery = this.#take()
    if (!delivery && !this.#ended) return
    this.#waiting = null
    waiting(delivery ? { value: delivery, done: false } : { value: undefined, done: true })
  }

  #take(): Delivery | null {
    const fromLog = this.#page.shift()
    if (fromLog) {
      const delivery = this.#deliver(fromLog)
      if (this.#catchUp && this.#page.length === 0 && this.#isLastPage) this.#finishCatchUp(this.#catchUp)
      return delivery
    }
    if (this.#catchUp || this.#missed) return null
    let pushed = this.#queue.shift()
    // What was pushed while the log was being read may have come from there.
    while (pushed && this.#position !== null && pushed.position <= this.#position) pushed = this.#queue.shift()
    return pushed ? this.#deliver(pushed) : null
  }

  #deliver(message: MessageRow): Delivery {
    this.#position = message.position
    const isNew = this.#catchUp
      ? message.createdPosition > this.#catchUp.from
      : message.createdPosition === message.position
    return {
      type: isNew ? 'CREATED' : message.deletedAt ? 'DELETED' : 'UPDATED',
      message,
      place: { position: message.position, catchUp: this.#catchUp ?? undefined },
    }
  }

  async #readLog(): Promise<void> {
    const { log } = this.#options
    const after = this.#position ?? 0n
    try {
      if (!this.#catchUp) {
        // From here on, what doesn't fit into the queue makes him catch up once more.
        this.#missed = false
        this.#catchUp = { from: after, to: after }
        this.#catchUp = { from: after, to: await log.head() }
      }
      const page = await log.changes(after, this.#catchUp.to, PAGE)
      // A long way to catch up is one chain of promises, which would keep everyone else waiting.
      await nextTurn()
      if (this.#ended) return
      this.#page = page
      this.#isLastPage = page.length < PAGE
      if (page.length === 0) this.#finishCatchUp(this.#catchUp)
    } catch (error) {
      this.end()
      throw error
    }
  }

  #finishCatchUp({ to }: CatchUp): void {
    this.#position = to
    this.#catchUp = null
  }

  #overflow(): void {
    if (this.#catchUp || this.#missed) {
      this.#queue = []
      this.#missed = true
    } else {
      this.end()
      this.#options.onTooSlow()
    }
  }
}
