import { onTestFailed } from 'vitest'
import { createChance } from '../../bench/simulation/chance.ts'

/** Chances that come again with their seed. */
export interface Random {
  /** A whole number from 0 up to, but not including, the limit. */
  below(limit: number): number
  /** Whether one in so many times has come. */
  oneIn(times: number): boolean
}

/** Where the running test fails, it says how to have the same chances again. */
export function seededRandom(): Random {
  const seed = Number(process.env['TEST_SEED']) || Math.floor(Math.random() * 2 ** 31)
  onTestFailed(() => console.error(`The same chances once more: TEST_SEED=${seed}`))
  const { next } = createChance(seed)
  const below = (limit: number) => Math.floor(next() * limit)
  return { below, oneIn: (times) => below(times) === 0 }
}
