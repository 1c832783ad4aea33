import { rateLimited } from '../errors.ts'
import type { Rate } from '../rate-limits.ts'
import type { Counts } from './counts.ts'

const FIRST_DELAY = 10_000 // ms after the first try beyond the rate
const LONGEST_DELAY = 15 * 60_000 // ms

/**
 * Lets so many tries in as a rate says, and then one at a time, each after twice the wait of the one before: 10 s, 20 s,
 * up to 15 minutes. Tries during a wait count for nothing, so that nobody can prolong it.
 */
export interface GrowingDelays {
  /** @throws ChatError RATE_LIMITED with the wait */
  enter(key: string, rate: Rate): Promise<void>
  /** Takes back one that was let in. */
  forgive(key: string, rate: Rate): Promise<void>
  /** Begins anew. */
  forget(key: string): Promise<void>
}

export function createGrowingDelays(counts: Counts): GrowingDelays {
  const triesOf = (key: string) => `tries ${key}`
  const waitOf = (key: string) => `wait ${key}`

  async function forgive(key: string, { duration }: Rate): Promise<void> {
    const { total } = await counts.add(triesOf(key), -1, duration)
    // A flood of tries that come to nothing leaves nothing.
    if (total <= 0) await counts.remove(triesOf(key))
  }

  return {
    forgive,
    async enter(key, rate) {
      const wait = await counts.find(waitOf(key))
      if (wait) throw tooMany(wait.left)
      const { total } = await counts.add(triesOf(key), 1, rate.duration)
      const beyond = total - rate.points
      if (beyond <= 0) return
      // Of several that came this far at once, the first one to begin the wait is let in.
      const begun = await counts.add(waitOf(key), 1, Math.min(FIRST_DELAY * 2 ** (beyond - 1), LONGEST_DELAY))
      if (begun.total === 1) return
      await forgive(key, rate)
      throw tooMany(begun.left)
    },
    async forget(key) {
      await Promise.all([counts.remove(triesOf(key)), counts.remove(waitOf(key))])
    },
  }
}

/** The same for every account, whether or not it exists. */
function tooMany(wait: number) {
  const retryAfter = Math.max(1, Math.ceil(wait / 1_000))
  return rateLimited(`Too many failed logins: try again in ${retryAfter} s.`, retryAfter, 'login')
}
