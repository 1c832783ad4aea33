import type { MessageRow, Position } from '../../src/log/change.ts'
import type { LogScope } from '../../src/log/reader.ts'

/** Asks the log again and again for what comes after the last it has been told. */
export interface PollingReader {
  /** Resolves once all has been read, with the latest place of each message, and what was out of order. */
  finish(): Promise<{ places: Map<string, Position>; faults: string[] }>
}

/** @param page messages read at once */
export function startReader(log: LogScope, page: number): PollingReader {
  const places = new Map<string, Position>()
  const faults: string[] = []
  let at: Position = 0n
  let isLast = false

  function take({ id, position }: MessageRow): void {
    if (position <= at) faults.push(`At ${at}, told of ${position}.`)
    at = position
    places.set(id, position)
  }

  async function run(): Promise<void> {
    for (let isOver = false; !isOver; ) {
      const mayEnd = isLast
      const changes = await log.changes(at, page)
      changes.forEach(take)
      isOver = mayEnd && changes.length === 0
    }
  }

  const running = run()
  running.catch(() => {}) // `finish` tells
  return {
    async finish() {
      isLast = true
      await running
      return { places, faults }
    },
  }
}
