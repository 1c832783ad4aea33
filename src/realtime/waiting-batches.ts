import type { LogEvent, Position } from '../log/change.ts'
import type { Channel } from './bus.ts'
import type { Announcement, LogPart } from './bus-codec.ts'
import { hashChannel } from './channel-hash.ts'

const MOST_CHARACTERS = 32_000_000
const SIZE_OF_OWN = 500 // characters, for an event that was never encoded
const SIZE_OF_BATCH = 500 // characters, for what it takes to know of one

/** What is known of a transaction whose turn has not come. */
interface Batch {
  from: Position
  to: Position
  /** All of its events, where it is this node's own. */
  whole: readonly LogEvent[] | null
  /** The hashes of the channels that it was told on, once that is known. */
  announced: readonly number[] | null
  parts: Map<Channel, LogPart>
  size: number
}

/** What comes next: all that is told here of it, or why it can't be told. */
export type NextBatch =
  | { to: Position; events: Iterable<LogEvent> }
  /** Something of it is yet to come, or lost. */
  | 'missing'
  /** It has had somebody here listen to a conversation that nobody had: what else is said there was not sent here. */
  | 'unheard'

/** The transactions that have been heard of before their turn, at whatever node they were made. */
export class WaitingBatches {
  readonly #batches = new Map<Position, Batch>()
  #size = 0

  addOwn(from: Position, to: Position, events: readonly LogEvent[]): void {
    const batch = this.#open(from, to)
    batch.whole = events
    this.#grow(batch, events.length * SIZE_OF_OWN)
  }

  addPart(channel: Channel, part: LogPart, size: number): void {
    const batch = this.#open(part.from, part.to)
    if (batch.parts.has(channel)) return
    batch.parts.set(channel, part)
    this.#grow(batch, size)
  }

  announce({ from, to, channels }: Announcement): void {
    const batch = this.#open(from, to)
    batch.announced = channels
    this.#grow(batch, SIZE_OF_BATCH + channels.length * 10)
  }

  /**
   * Takes out what comes next, where it can be told.
   * @param hears whether somebody here listens to a channel with this hash
   * @param tell tells those who listen here
   */
  take(upTo: Position, hears: (hash: number) => boolean, tell: (events: LogEvent[]) => void): NextBatch {
    const batch = this.#batches.get(upTo + 1n)
    if (!batch) return 'missing'
    const { to, whole, announced, parts } = batch
    if (whole) {
      this.#delete(batch)
      return { to, events: whole }
    }
    if (!announced) return 'missing'
    // By their number, as two of its channels may have the same hash.
    const awaited = announced.filter(hears).length
    if (awaited > [...parts.keys().map(hashChannel).filter(hears)].length) return 'missing'
    const events = new Map(parts.values().flatMap((part) => part.events))
    for (const event of events.values()) {
      if (event.type !== 'entered') continue
      const channel: Channel = `conversation:${event.conversationId}`
      if (parts.has(channel) || !announced.includes(hashChannel(channel))) continue
      // Who listens to all of his enters it by this; many only want to know where others are.
      tell([event])
      if (hears(hashChannel(channel))) return 'unheard'
    }
    this.#delete(batch)
    return { to, events: [...events].sort(([one], [other]) => one - other).map(([, event]) => event) }
  }

  /** What is known by now: of each the place that it begins at. */
  begins(): Set<Position> {
    return new Set(this.#batches.keys())
  }

  /** Drops what begins up to there, and these. */
  drop(upTo: Position, begins: ReadonlySet<Position> = new Set()): void {
    for (const batch of this.#batches.values()) if (batch.from <= upTo || begins.has(batch.from)) this.#delete(batch)
  }

  #delete({ from, size }: Batch): void {
    this.#batches.delete(from)
    this.#size -= size
  }

  #open(from: Position, to: Position): Batch {
    const batch = this.#batches.get(from) ?? { from, to, whole: null, announced: null, parts: new Map(), size: 0 }
    this.#batches.set(from, batch)
    return batch
  }

  #grow(batch: Batch, size: number): void {
    batch.size += size
    this.#size += size
    if (this.#size <= MOST_CHARACTERS) return
    // The log has it all.
    this.#batches.clear()
    this.#size = 0
  }
}
