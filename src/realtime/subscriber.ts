import { isCreation, type MessageRow, type Position } from '../log/change.ts'
import type { LogPlace } from '../log/cursor.ts'
import type { LogScope } from '../log/reader.ts'
import type { Audience } from './audience.ts'
import { Backlog } from './backlog.ts'
import { type Delivery, toDelivery, toPlace } from './delivery.ts'
import type { Listener } from './rooms.ts'

/** A subscriber's part in an audience. */
export interface Share {
  readonly audience: Audience
  /** Whether he reads what he is sent. */
  readonly isReading: boolean
  /** Sends him what his audience was told. */
  send(payload: string): void
}

/** Where to a subscriber's results are written. */
export interface Line {
  /** Whether all that was sent has left this process. */
  readonly isWritten: boolean
}

export interface SubscriberOptions {
  userId: string
  /** What he listens to. */
  log: LogScope
  /** Where he resumes; null starts with what comes next. */
  after: LogPlace | null
  queueLimit: number // changes that wait for him at most
  /** Asked of each change when its turn comes: what he may no longer read is dropped, however long it has waited. */
  mayRead?: (message: MessageRow) => boolean
  /** Left out where nobody asks for the same, or nobody can. */
  share?: Share | undefined
  line?: Line | undefined
  /** Called once he has read all that the log held after his cursor, and goes live. */
  onCaughtUp?: (() => void) | undefined
  /** Called when he may no longer listen to a conversation. */
  onRemoved: (conversationId: string) => void
  /** Called when he has let more wait than that. He hears nothing more. */
  onTooSlow: () => void
  /** Called once, when he has gone for whatever reason. */
  onEnd: () => void
}

/**
 * One subscription's stream: first what the log holds after his cursor, page by page as he reads, then
 * what is pushed to him live. Positions decide where the one ends and the other begins, so that nothing
 * comes twice and nothing falls between. While nothing waits for him, his audience tells him of what is
 * pushed; what he reads from here, he has executed by himself.
 */
export class Subscriber implements AsyncIterableIterator<Delivery>, Listener {
  readonly #options: SubscriberOptions
  /** The last change that he was given, or his cursor; null before the first one of a live stream. */
  #position: Position | null
  /** See `Listener.since`. */
  #since: Position | null
  /** Up to where he has read the log himself. */
  #readTo: Position = 0n
  /** Set while what the log holds comes first. */
  #backlog: Backlog | null
  #queue: MessageRow[] = []
  #waiting: ((result: IteratorResult<Delivery>) => void) | null = null
  #latest: MessageRow | null = null
  /** Where he stood when he last asked for more, and so had taken all before; later while he waits. */
  #taken: Position | null = null
  #ended = false

  constructor(options: SubscriberOptions) {
    this.#options = options
    this.#position = options.after?.position ?? null
    // He has what lies before his cursor.
    this.#since = options.after && 0n
    this.#backlog = options.after && new Backlog(options.log, options.after)
  }

  get userId(): string {
    return this.#options.userId
  }

  get audience(): Audience | null {
    return this.#options.share?.audience ?? null
  }

  get hasEnded(): boolean {
    return this.#ended
  }

  /** Whether he may no longer read what he was given last: not even what is under way may reach him then. */
  get isWithdrawn(): boolean {
    const { mayRead = () => true } = this.#options
    return this.#latest !== null && !mayRead(this.#latest)
  }

  /** Changes that wait until he asks for more. */
  get waiting(): number {
    return this.#queue.length
  }

  get since(): Position | null {
    return this.#since
  }

  get received(): Position | null {
    if (this.#backlog || !this.#options.line?.isWritten) return null
    return this.#waiting ? this.#position : this.#taken
  }

  get isBehind(): boolean {
    return !this.#ended && (this.#waiting === null || this.#options.line?.isWritten === false)
  }

  /** Hands him a change that is durable. The changes of one conversation are pushed in the log's order. */
  push(message: MessageRow): void {
    if (this.#isPast(message)) return
    this.#queue.push(message)
    if (this.#waiting) this.#settle(this.#waiting)
    else if (this.#queue.length > this.#options.queueLimit) this.#overflow()
  }

  /** The same, executed for his audience already. */
  receive(message: MessageRow, payload: string | null): void {
    if (this.#isPast(message)) return
    const { share, mayRead } = this.#options
    // While he waits, he has been told of all before.
    if (payload === null || !this.#waiting || !share?.isReading || this.#hasReadNews(message)) {
      this.push(message)
    } else if (!mayRead || mayRead(message)) {
      this.#moveTo(message.position)
      share.send(payload)
    }
  }

  onRemoved(conversationId: string): void {
    this.#options.onRemoved(conversationId)
  }

  /** Ends the stream at once: what waits is dropped. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#waiting) this.#taken = this.#position
    this.#queue = []
    if (this.#waiting) this.#settle(this.#waiting)
    this.#options.onEnd()
  }

  async next(): Promise<IteratorResult<Delivery>> {
    this.#taken = this.#position
    while (!this.#ended) {
      const delivery = this.#take()
      if (delivery) return { value: delivery, done: false }
      if (this.#backlog) await this.#read(this.#backlog)
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

  /** What was being published when he read the log may have come from there. */
  #isPast({ position }: MessageRow): boolean {
    return this.#ended || (this.#position !== null && position <= this.#position)
  }

  #settle(waiting: (result: IteratorResult<Delivery>) => void): void {
    const delivery = this.#take()
    if (!delivery && !this.#ended) return
    this.#waiting = null
    waiting(delivery ? { value: delivery, done: false } : { value: undefined, done: true })
  }

  #take(): Delivery | null {
    if (this.#backlog) {
      const fromLog = this.#shift(this.#backlog.page)
      if (fromLog) return this.#deliver(fromLog)
      if (this.#backlog.hasMore) return null
      this.#goLive()
    }
    let pushed = this.#shift(this.#queue)
    // What was pushed while the log was being read may have come from there.
    while (pushed && this.#position !== null && pushed.position <= this.#position) pushed = this.#shift(this.#queue)
    return pushed ? this.#deliver(pushed) : null
  }

  #shift(waiting: MessageRow[]): MessageRow | undefined {
    const { mayRead = () => true } = this.#options
    let message = waiting.shift()
    while (message && !mayRead(message)) message = waiting.shift()
    return message
  }

  #moveTo(position: Position): void {
    this.#position = position
    this.#since ??= position
  }

  /** Whether what is news to others here isn't to him, who has read of it in the log. */
  #hasReadNews({ recovery, createdPosition }: MessageRow): boolean {
    return recovery?.isNew === true && createdPosition <= this.#readTo
  }

  #goLive(): void {
    this.#backlog = null
    this.#readTo = this.#position ?? 0n
    this.#options.onCaughtUp?.()
  }

  #deliver(message: MessageRow): Delivery {
    this.#latest = message
    this.#moveTo(message.position)
    if (this.#backlog) return this.#backlog.toDelivery(message)
    return toDelivery(message, isCreation(message) && !this.#hasReadNews(message), toPlace(message))
  }

  async #read(backlog: Backlog): Promise<void> {
    try {
      await backlog.readPage(this.#position ?? 0n)
    } catch (error) {
      this.end()
      throw error
    }
  }

  #overflow(): void {
    if (this.#backlog) {
      this.#queue = []
      this.#backlog.extend()
    } else {
      this.end()
      this.#options.onTooSlow()
    }
  }
}
