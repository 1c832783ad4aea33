import type { Emoji } from './emoji.ts'

export const COLUMNS = 8

/** A line of the grid: a group's name, or some of its emoji. */
export type EmojiRow = { heading: string; emoji?: never } | { emoji: readonly Emoji[]; heading?: never }

export interface Place {
  row: number
  column: number
}

export function rowsOf(emoji: readonly Emoji[], heading?: string): EmojiRow[] {
  const rows: EmojiRow[] = heading && emoji.length > 0 ? [{ heading }] : []
  for (let start = 0; start < emoji.length; start += COLUMNS) rows.push({ emoji: emoji.slice(start, start + COLUMNS) })
  return rows
}

/** Where an arrow key leads to; the same place where there is nothing further. */
export function placeAfter(rows: readonly EmojiRow[], { row, column }: Place, key: string): Place {
  const step = key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 1
  const isSideways = key === 'ArrowLeft' || key === 'ArrowRight'
  if (isSideways && rows[row]?.emoji?.[column + step]) return { row, column: column + step }
  let next = row + step
  while (rows[next]?.heading) next += step
  const last = (rows[next]?.emoji?.length ?? 0) - 1
  if (last < 0) return { row, column }
  if (isSideways) return { row: next, column: step > 0 ? 0 : last }
  return { row: next, column: Math.min(column, last) }
}
