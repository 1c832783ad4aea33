import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MessageRow, Position } from '../log/change.ts'
import type { LogPlace } from '../log/cursor.ts'
import type { LogScope } from '../log/reader.ts'
import { type Delivery, toDelivery } from './delivery.ts'

const PAGE = 100 // messages read from the log at once
const MOST_TOLD = 10_000 // messages that are remembered while catching up

/** What the log holds after a subscriber's cursor, which comes before what is pushed to him. */
export class Backlog {
  readonly #log: LogScope
  /** Where this subscription's catching up began. */
  readonly #start: Position
  /** Where the first subscription's did that this one continues. */
  readonly #from: Position
  /** Where the log stood then; null before it has been asked. */
  #to: Position | null
  /** The messages that he was told of. */
  readonly #told = new Set<string>()
  #page: MessageRow[] = []
  /** Whether there is more to read, for the first time or because what was pushed did not fit into his queue. */
  #hasMore = true

  constructor(log: LogScope, { position, catchUp }: LogPlace) {
    this.#log = log
    this.#start = position
    this.#from = catchUp?.from ?? position
    this.#to = catchUp?.to ?? null
  }

  /** What has been read, and he takes next. */
  get page(): MessageRow[] {
    return this.#page
  }

  get hasMore(): boolean {
    return this.#hasMore
  }

  /** Has the log read on, since what was pushed could not be kept. */
  extend(): void {
    this.#hasMore = true
  }

  /** @param after where he stands */
  async readPage(after: Position): Promise<void> {
    this.#to ??= await this.#log.head()
    // From here on, what doesn't fit into the queue has him read on.
    this.#hasMore = false
    this.#page = await this.#log.changes(after, PAGE)
    if (this.#page.length === PAGE) this.#hasMore = true
    // A long way to catch up is one chain of promises, which would keep everyone else waiting.
    await nextTurn()
  }

  toDelivery(message: MessageRow): Delivery {
    const catchUp = { from: this.#from, to: this.#to ?? this.#from }
    return toDelivery(message, this.#isNews(message, catchUp.to), { position: message.position, catchUp })
  }

  /** Also right for a message that changes while he is catching up, and so moves ahead of him. */
  #isNews({ id, createdPosition, position }: MessageRow, to: Position): boolean {
    if (this.#told.has(id)) return false
    this.#told.add(id)
    if (this.#told.size > MOST_TOLD) for (const oldest of this.#told.values().take(1)) this.#told.delete(oldest)
    // What lies before `to` has not moved since he began; what has may have been told before he was cut off.
    return createdPosition > this.#start || (createdPosition > this.#from && position <= to)
  }
}
