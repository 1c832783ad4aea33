import { v7 as uuid } from 'uuid'
import { type Chance, createChance } from '../../bench/simulation/chance.ts'

/** What invented people and their talks are drawn by: the same seed draws the same. */
export interface Draw extends Chance {
  /** A whole number from 0 up to, but not including, the limit. */
  below(limit: number): number
  /** One of these; the first ones are the likelier, the higher the lean (1: all alike). */
  pick<T>(list: readonly T[], lean?: number): T
  /** How much of something heavy-tailed there is, as the sizes of groups are: from 1, most often little. @param tail the lower, the heavier */
  pareto(tail: number): number
  /** Normally distributed, around 0 with the deviation 1. By Box and Muller. */
  normal(): number
  /** A row's id, as the server makes them: it sorts by its time. */
  id(at: Date): string
}

export function createDraw(seed: number): Draw {
  const chance = createChance(seed)
  const { next } = chance
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    ...chance,
    below,
    pick<T>(list: readonly T[], lean = 1): T {
      return list[Math.floor(list.length * next() ** lean)] as T
    },
    pareto: (tail) => (1 - next()) ** (-1 / tail),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    id: (at) =>
      uuid({ msecs: at.getTime(), random: Uint8Array.from({ length: 16 }, () => below(256)), seq: below(2 ** 31) }),
  }
}
