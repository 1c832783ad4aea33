import { LRUCache } from 'lru-cache'
import type { Rate } from '../rate-limits.ts'
import type { SharedCounts } from './counts.ts'

const MOST_KEYS = 50_000 // some 10 MB
const BLOCK = 0.1 // of a rate, which a node counts before it tells the others

interface Span {
  total: number
  /** ms, when it is counted from zero again. */
  end: number
  /** How much of the total the other nodes don't know of. */
  untold: number
  isTelling: boolean
}

/**
 * Counts what is done often, without waiting for anything: where nodes share a Redis, each tells it by the tenth of the
 * rate, and hears then what they count together. So most people's messages cost no command, and all nodes
 * together let through a tenth more for each node. Without Redis, and while it is away, each counts alone.
 *
 * Of too many keys, those go that were not counted for the longest.
 */
export class RateCounter {
  readonly rate: Rate
  readonly #name: string
  readonly #shared: SharedCounts | null
  readonly #now: () => number
  readonly #block: number
  readonly #spans = new LRUCache<string, Span>({ maxSize: MOST_KEYS, sizeCalculation: () => 1 })

  /** @param name of the rate among the others that are shared */
  constructor(name: string, rate: Rate, shared: SharedCounts | null, now: () => number) {
    this.#name = name
    this.rate = rate
    this.#shared = shared
    this.#now = now
    this.#block = Math.max(1, Math.floor(rate.points * BLOCK))
  }

  /** How long there is no more room, in ms; 0 where there is. */
  waitFor(key: string): number {
    const span = this.#spans.get(key)
    return span && span.total >= this.rate.points ? Math.max(0, span.end - this.#now()) : 0
  }

  /** Counts one more. */
  add(key: string): void {
    const now = this.#now()
    let span = this.#spans.get(key)
    if (!span || span.end <= now) {
      span = { total: 0, end: now + this.rate.duration, untold: 0, isTelling: false }
      this.#spans.set(key, span)
    }
    span.total++
    if (this.#shared && ++span.untold >= this.#block && !span.isTelling) void this.#tell(this.#shared, key, span)
  }

  async #tell(shared: SharedCounts, key: string, span: Span): Promise<void> {
    span.isTelling = true
    const told = span.untold
    const count = await shared.add(`${this.#name} ${key}`, told, this.rate.duration)
    span.isTelling = false
    if (!count) return
    span.untold -= told
    span.total = count.total + span.untold
    span.end = this.#now() + count.left
  }
}
