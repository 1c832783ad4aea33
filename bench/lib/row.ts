import { median } from './rounds.ts'

/**
 * How a figure comes of ours and the peer's: ours in the peer's (less is better), how many times more or less
 * ours is (more is better), how much more it is, or ours alone (less is better).
 */
export type Comparison = 'ratio' | 'times more' | 'times less' | 'difference' | 'alone'

/** A line of the report: what was measured, a figure for each round, and what it is to reach. */
export interface Row {
  what: string
  /** What it is compared with; empty where it stands alone. */
  against: string
  unit: 'µs' | 'ms' | 's' | 'KB' | '/s'
  ours: number[]
  peer: number[]
  comparison: Comparison
  /** Null where there is no target. */
  reach: number | null
  beyond: number | null
  /** Why the targets are missed whatever the figure says. */
  shortfall?: string
}

export type Verdict = 'beyond' | 'reached' | 'not reached' | ''

export function figureOf({ ours, peer, comparison }: Pick<Row, 'ours' | 'peer' | 'comparison'>): number {
  switch (comparison) {
    case 'ratio':
    case 'times more':
      return median(ours) / median(peer)
    case 'times less':
      return median(peer) / median(ours)
    case 'difference':
      return median(ours) - median(peer)
    case 'alone':
      return median(ours)
  }
}

export function verdictOf(row: Row): Verdict {
  if (row.shortfall) return 'not reached'
  const sign = row.comparison.startsWith('times') ? -1 : 1
  const figure = figureOf(row)
  const meets = (target: number | null) => target !== null && sign * figure <= sign * target
  if (meets(row.beyond)) return 'beyond'
  if (meets(row.reach)) return 'reached'
  return row.reach === null ? '' : 'not reached'
}
