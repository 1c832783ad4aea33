import type { LogEvent, Position } from '../log/change.ts'
import type { Channel } from './bus.ts'
import type { Announcement, LogPart } from './bus-codec.ts'
import { WaitingBatches } from './waiting-batches.ts'

export interface LogTailOptions {
  /** The log's head at the start: what lies before it, listeners read themselves. */
  start: Position
  /** Where the log stands. */
  head: () => Promise<Position>
  /** Tells from the log what comes after a position. @returns up to where. @throws where it can't: it is called again */
  read: (after: Position) => Promise<Position>
  /** Tells those who listen here; it must not throw. */
  tell: (events: Iterable<LogEvent>) => void
  /** Whether somebody here listens to a channel with this hash. */
  hears: (hash: number) => boolean
  /** Whether other nodes can be heard. */
  isUp: () => boolean
  onFault: (error: unknown) => void
  /** Hears how many ms it took to tell what was known to be missing. */
  onCaughtUp?: ((duration: number) => void) | undefined
  patience?: number | undefined // ms that what is missing may take to come
  interval?: number | undefined // ms between two looks at the log's head
  lonelyInterval?: number | undefined // ms between them while other nodes can't be heard
}

/**
 * Tells one node's listeners of the whole cluster's changes, in the order of the log. Transactions take contiguous
 * places, so that theirs tile the log: one is told when all before it are. Where one is missing, or what it says
 * on a channel that is listened to here, the log is read.
 */
export interface LogTail {
  /** A transaction of this node's, once it is durable. */
  committed(from: Position, to: Position, events: readonly LogEvent[]): void
  /** What another node's transaction has to say on a channel. @param size in characters */
  receive(channel: Channel, part: LogPart, size: number): void
  announced(announcement: Announcement): void
  /** Looks whether the log has more, at once: something may have been lost. */
  look(): void
  /** Everything up to there has been told here. */
  readonly upTo: Position
  /** What is known to be missing here, and for how long. */
  behind(): TailLag
  close(): Promise<void>
}

export interface TailLag {
  positions: number
  /** ms */
  duration: number
}

export function createLogTail(options: LogTailOptions): LogTail {
  const { head, read, tell, hears, isUp, onFault, onCaughtUp } = options
  const { patience = 50, interval = 1_000, lonelyInterval = 250 } = options
  const batches = new WaitingBatches()
  let upTo = options.start
  /** The log reaches at least up to there. */
  let known = upTo
  /** What has been missing, and since when; a later one is followed once it has come. */
  let missing: { position: Position; since: number } | null = null
  let waiting: NodeJS.Timeout | null = null
  let reading: Promise<void> | null = null
  /** Set while a reading is under way or has failed half-way: nothing else is told until one has come to its end. */
  let isUnfinished = false
  let looking: Promise<void> | null = null
  let nextLook: NodeJS.Timeout | null = null
  let isFaulty = false
  let isClosed = false

  /** Tells all whose turn it is. */
  function advance(): void {
    if (isUnfinished || isClosed) return
    let next = batches.take(upTo, hears, tell)
    for (; typeof next === 'object'; next = batches.take(upTo, hears, tell)) {
      upTo = next.to
      tell(next.events)
    }
    noteMissing()
    if (upTo >= known) settle()
    else if (next === 'unheard') startReading()
    else waiting ??= setTimeout(lose, isUp() ? patience : 0, upTo).unref()
  }

  function noteMissing(): void {
    if (missing && upTo >= missing.position) {
      onCaughtUp?.(performance.now() - missing.since)
      missing = null
    }
    if (upTo < known) missing ??= { position: known, since: performance.now() }
  }

  function settle(): void {
    if (waiting) clearTimeout(waiting)
    waiting = null
  }

  /** @param stuckAt where it was when the waiting began */
  function lose(stuckAt: Position): void {
    waiting = null
    if (upTo === stuckAt) startReading()
    else advance()
  }

  function startReading(): void {
    if (reading || isClosed) return
    settle()
    isUnfinished = true
    reading = readLog().then(
      () => {
        reading = null
        isUnfinished = isFaulty = false
        advance()
      },
      (error) => {
        // The next look at the log tries again.
        reading = null
        report(error)
      },
    )
  }

  async function readLog(): Promise<void> {
    const begins = batches.begins()
    const knownBefore = known
    upTo = await read(upTo)
    // What was heard of before is durable, and was read: if it isn't past, it isn't of this log.
    batches.drop(upTo, begins)
    if (known === knownBefore || known < upTo) known = upTo
  }

  async function lookAtHead(): Promise<void> {
    try {
      hear(await head())
      if (isUnfinished) startReading()
      else isFaulty = false
    } catch (error) {
      report(error)
    }
  }

  function report(error: unknown): void {
    if (!isFaulty && !isClosed) onFault(error)
    isFaulty = true
  }

  function hear(position: Position): void {
    if (position > known) known = position
    if (isUnfinished) noteMissing()
    else advance()
  }

  function look(): void {
    if (isClosed) return
    if (nextLook) clearTimeout(nextLook)
    nextLook = null
    looking ??= lookAtHead().finally(() => {
      looking = null
      if (!isClosed) nextLook = setTimeout(look, isUp() ? interval : lonelyInterval).unref()
    })
  }

  look()

  return {
    committed(from, to, events) {
      if (from <= upTo) return
      if (from === upTo + 1n && !isUnfinished) {
        upTo = to
        tell(events)
      } else {
        batches.addOwn(from, to, events)
      }
      hear(to)
    },
    receive(channel, part, size) {
      if (part.from <= upTo) return
      batches.addPart(channel, part, size)
      hear(part.to)
    },
    announced(announcement) {
      if (announcement.from <= upTo) return
      batches.announce(announcement)
      hear(announcement.to)
    },
    look,
    get upTo() {
      return upTo
    },
    behind: () => ({
      positions: Math.max(0, Number(known - upTo)),
      duration: missing ? performance.now() - missing.since : 0,
    }),
    async close() {
      isClosed = true
      settle()
      if (nextLook) clearTimeout(nextLook)
      await Promise.all([reading, looking])
    },
  }
}
