import { rateLimited } from '../errors.ts'
import { countsOf, describeRate, type RateName, type RateTable, rateNames } from '../rate-limits.ts'
import type { SharedCounts } from './counts.ts'
import { RateCounter } from './rate-counter.ts'

/** How often what may be done, by each user or network, on whichever node; and by all together at this one. */
export interface Rates {
  /**
   * Counts one more, unless it is one too many: that isn't counted, so that who goes on trying is let in in time.
   * @param key who does it, or where
   * @throws ChatError RATE_LIMITED
   */
  take(name: RateName, key: string): void
  /** As `take`, but counts nothing: for what counts only once it has been done. */
  check(name: RateName, key: string): void
  /** Counts what was done. */
  count(name: RateName, key: string): void
}

/**
 * @param shared the other nodes' counts, where there are some
 * @param now in ms
 */
export function createRates(table: RateTable, shared: SharedCounts | null, now: () => number = Date.now): Rates {
  const counters: Partial<Record<RateName, RateCounter>> = {}
  for (const name of rateNames) {
    const rate = table[name]
    if (rate) counters[name] = new RateCounter(name, rate, name === 'accept' ? null : shared, now)
  }

  function check(name: RateName, key: string): void {
    const counter = counters[name]
    const wait = counter?.waitFor(key) ?? 0
    if (!counter || wait === 0) return
    const retryAfter = Math.ceil(wait / 1_000)
    const limit = `Too many ${countsOf(name)}: at most ${describeRate(counter.rate)}.`
    throw rateLimited(`${limit} Try again in ${retryAfter} s.`, retryAfter, name)
  }

  return {
    check,
    count: (name, key) => counters[name]?.add(key),
    take(name, key) {
      check(name, key)
      counters[name]?.add(key)
    },
  }
}
