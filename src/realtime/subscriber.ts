import { setImmediate as nextTurn } from 'node:timers/promises'
import { isCreation, type MessageRow, type Position } from '../log/change.ts'
import type { CatchUp, LogPlace } from '../log/cursor.ts'
import type { LogScope } from '../log/reader.ts'
import type { Audience } from './audience.ts'
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

const PAGE = 100 // messages read from the log at once
const MOST_TOLD = 10_000 // messages that are remembered while catching up

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
  /** Where this subscription's catching up began. */
  #start: Position
  /** Up to where he has read the log himself. */
  #readTo: Position = 0n
  /** Set while what the log holds comes first. */
  #catchUp: CatchUp | null
  /** Whether the log must be read, for the first time or because what was pushed did not fit into the queue. */
  #missed: boolean
  /** The messages that he was told of while catching up. */
  #told: Set<string> | null = null
  #page: MessageRow[] = []
  /** Whether nothing was behind that page in the log. */
  #isLastPage = false
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
    this.#start = this.#position ?? 0n
    this.#catchUp = options.after?.catchUp ?? null
    this.#missed = options.after !== null
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
    if (this.#catchUp || this.#missed || !this.#options.line?.isWritten) return null
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
    this.#page = []
    this.#queue = []
    if (this.#waiting) this.#settle(this.#waiting)
    this.#options.onEnd()
  }

  async next(): Promise<IteratorResult<Delivery>> {
    this.#taken = this.#position
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
    const fromLog = this.#shift(this.#page)
    if (fromLog) return this.#deliver(fromLog)
    if (this.#catchUp && this.#isLastPage && !this.#missed) this.#goLive()
    if (this.#catchUp || this.#missed) return null
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
    this.#catchUp = null
    this.#readTo = this.#position ?? 0n
    this.#told = null
    this.#options.onCaughtUp?.()
  }

  #deliver(message: MessageRow): Delivery {
    this.#latest = message
    this.#moveTo(message.position)
    if (!this.#catchUp) {
      return toDelivery(message, isCreation(message) && !this.#hasReadNews(message), toPlace(message))
    }
    const isNew = this.#isNewTo(message, this.#catchUp)
    return toDelivery(message, isNew, { position: message.position, catchUp: this.#catchUp })
  }

  /** Also right for a message that changes while he is catching up, and so moves ahead of him. */
  #isNewTo({ id, createdPosition, position }: MessageRow, { from, to }: CatchUp): boolean {
    this.#told ??= new Set()
    if (this.#told.has(id)) return false
    this.#told.add(id)
    if (this.#told.size > MOST_TOLD) for (const oldest of this.#told.values().take(1)) this.#told.delete(oldest)
    // What lies before `to` has not moved since he began; what has may have been told before he was cut off.
    return createdPosition > this.#start || (createdPosition > from && position <= to)
  }

  async #readLog(): Promise<void> {
    const { log } = this.#options
    const after = this.#position ?? 0n
    try {
      if (!this.#catchUp) {
        this.#start = after
        this.#catchUp = { from: after, to: after }
        this.#catchUp = { from: after, to: await log.head() }
      }
      // From here on, what doesn't fit into the queue has him read on.
      this.#missed = false
      this.#page = await log.changes(after, PAGE)
      this.#isLastPage = this.#page.length < PAGE
      // A long way to catch up is one chain of promises, which would keep everyone else waiting.
      await nextTurn()
    } catch (error) {
      this.end()
      throw error
    }
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
