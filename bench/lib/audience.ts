import { isDeepStrictEqual } from 'node:util'

const PATIENCE = 30_000 // ms without a single delivery

/** Takes a frame of one member: the bytes of the buffer from start to end. */
export type Receive = (buffer: Buffer, start: number, end: number) => void

/** Subscribers who must all get the same frames in the same order. Frames that are wrong make it fail. */
export interface Audience {
  /** One more subscriber, who must get every frame from now on. */
  join(): Receive
  readonly size: number
  /** All frames that all members have had. */
  readonly delivered: number
  /** Resolves once every member has had this many frames in all; rejects where one got a wrong frame, or nothing comes. */
  reached(frames: number): Promise<void>
  fail(error: Error): void
}

/**
 * Whoever is first with a frame has it judged, and it is the standard by which the others' are judged, byte by
 * byte: that costs little enough to do it with each.
 * @param judge throws on a frame that isn't the next one
 * @param onDelivery hears of each delivery, with the number of the frame
 */
export function createAudience(judge: (frame: string) => void, onDelivery?: (index: number) => void): Audience {
  const standards: Buffer[] = []
  const had: number[] = []
  let delivered = 0
  let failure: Error | null = null
  let waiting: { frames: number; resolve: () => void; reject: (error: Error) => void } | null = null

  function fail(error: Error) {
    failure ??= error
    waiting?.reject(failure)
  }

  function compare(standard: Buffer, index: number, buffer: Buffer, start: number, end: number) {
    if (standard.compare(buffer, start, end) === 0) return
    const frame = buffer.toString('utf8', start, end)
    // Two ways to write the same are both right.
    if (!isDeepStrictEqual(contentOf(frame), contentOf(standard.toString()))) {
      throw new Error(`A subscriber got a wrong frame as his number ${index + 1}: ${frame} instead of ${standard}`)
    }
  }

  return {
    fail,
    get size() {
      return had.length
    },
    get delivered() {
      return delivered
    },

    join() {
      const member = had.push(standards.length) - 1
      delivered += standards.length
      return (buffer, start, end) => {
        try {
          const index = had[member] as number
          const standard = standards[index]
          if (standard) compare(standard, index, buffer, start, end)
          else {
            judge(buffer.toString('utf8', start, end))
            standards.push(Buffer.from(buffer.subarray(start, end)))
          }
          had[member] = index + 1
          delivered++
          onDelivery?.(index)
          if (waiting && delivered === waiting.frames * had.length) waiting.resolve()
        } catch (error) {
          fail(error as Error)
        }
      }
    },

    async reached(frames) {
      if (failure) throw failure
      if (delivered === frames * had.length) return
      let before = delivered
      const watch = setInterval(() => {
        if (delivered === before) fail(new Error(`Nothing comes: ${count(had, frames)} of ${had.length} lack frames`))
        before = delivered
      }, PATIENCE)
      try {
        await new Promise<void>((resolve, reject) => {
          waiting = { frames, resolve, reject }
        })
      } finally {
        clearInterval(watch)
        waiting = null
      }
      if (failure) throw failure
    },
  }
}

/** Without the cursor, which who is catching up is given another of for the same place. */
function contentOf(frame: string): unknown {
  return JSON.parse(frame, (key, value) => (key === 'cursor' ? undefined : value))
}

function count(had: number[], frames: number): number {
  return had.filter((number) => number < frames).length
}
