import { cpuTime } from './cpu.ts'

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? (sorted[half] ?? NaN) : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2
}

/**
 * Measures several contestants in turns, so that what else the machine does meets all of them.
 * @param warmUps rounds of each that come first and don't count
 * @returns the figures of each, one a round
 */
export async function alternate<Name extends string, Figure>(
  rounds: number,
  contestants: Record<Name, () => Promise<Figure>>,
  warmUps = 1,
): Promise<Record<Name, Figure[]>> {
  const entries = Object.entries<() => Promise<Figure>>(contestants)
  for (const [, measure] of entries) for (let round = 0; round < warmUps; round++) await measure()
  const figures = Object.fromEntries(entries.map(([name]) => [name, [] as Figure[]])) as Record<Name, Figure[]>
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 ? entries.toReversed() : entries
    for (const [name, measure] of order) figures[name as Name].push(await measure())
  }
  return figures
}

export interface Cost {
  /** µs of the server's CPU for one operation. */
  cpu: number
  /** Operations a second, by the clock. */
  rate: number
}

/**
 * Works for a while, and says what it cost the server.
 * @param time ms
 * @param works as of `workFor`
 */
export async function measureCost(pid: number, time: number, ...works: Work[]): Promise<Cost> {
  const cpuBefore = cpuTime(pid)
  const { operations, elapsed } = await workFor(time, works)
  return { cpu: (cpuTime(pid) - cpuBefore) / operations, rate: (operations / elapsed) * 1_000 }
}

/** Does something, and returns how many operations it was. */
export type Work = () => Promise<number>

/**
 * Repeats each work by itself, as a client does, for a while; once at least.
 * @param time ms
 * @returns all operations, and how many ms they took
 */
export async function workFor(time: number, works: Work[]): Promise<{ operations: number; elapsed: number }> {
  const start = performance.now()
  let operations = 0
  await Promise.all(
    works.map(async (work) => {
      do {
        const done = await work()
        operations += done
      } while (performance.now() - start < time)
    }),
  )
  return { operations, elapsed: performance.now() - start }
}
