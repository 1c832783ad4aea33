import { LRUCache } from 'lru-cache'

const MOST_KEYS = 50_000 // some 10 MB

/** How much was counted in a span of time that began with the first. */
export interface Count {
  total: number
  /** ms until it is counted from zero again. */
  left: number
}

/** What is counted, for as long as is told with the first of a key. */
export interface Counts {
  /** @param duration ms, in whole seconds */
  add(key: string, points: number, duration: number): Promise<Count>
  /** Null where nothing is counted now. */
  find(key: string): Promise<Count | null>
  remove(key: string): Promise<void>
}

/**
 * Counts in this process. Of too many keys, those go that were not asked for the longest, so that an attack from a
 * million addresses costs no more than that. (The one of rate-limiter-flexible has no bound, and a timer for each key.)
 */
export class MemoryCounts {
  readonly #spans = new LRUCache<string, { total: number; end: number }>({
    maxSize: MOST_KEYS,
    sizeCalculation: () => 1,
  })
  readonly #now: () => number

  /** @param now in ms */
  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  add(key: string, points: number, duration: number): Count {
    const now = this.#now()
    let span = this.#spans.get(key)
    if (!span || span.end <= now) {
      span = { total: 0, end: now + duration }
      this.#spans.set(key, span)
    }
    span.total += points
    return { total: span.total, left: span.end - now }
  }

  find(key: string): Count | null {
    const left = (this.#spans.peek(key)?.end ?? 0) - this.#now()
    return left > 0 ? { total: this.#spans.peek(key)?.total ?? 0, left } : null
  }

  remove(key: string): void {
    this.#spans.delete(key)
  }
}

/** The other nodes' counts too; null for what Redis doesn't answer. */
export interface SharedCounts {
  add(key: string, points: number, duration: number): Promise<Count | null>
  find(key: string): Promise<{ count: Count | null } | null>
  remove(key: string): Promise<unknown>
}

/** Those that nodes share; this process' own where there is no Redis, and while it is away. */
export function createCounts(shared: SharedCounts | null, now?: () => number): Counts {
  const own = new MemoryCounts(now)
  return {
    async add(key, points, duration) {
      return (await shared?.add(key, points, duration)) ?? own.add(key, points, duration)
    },
    async find(key) {
      const found = await shared?.find(key)
      return found ? found.count : own.find(key)
    },
    async remove(key) {
      own.remove(key)
      await shared?.remove(key)
    },
  }
}
