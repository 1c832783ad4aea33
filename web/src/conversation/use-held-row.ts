import { defaultRangeExtractor, type Range } from '@tanstack/react-virtual'
import { useCallback, useState } from 'react'
import type { Row } from './rows.ts'

/**
 * Keeps the row that had the focus last, wherever it is scrolled to: with it would go a dialog that was opened from it,
 * and the focus. The two beside it are where the arrow keys lead.
 */
export function useHeldRow(rows: readonly Row[]) {
  const [held, hold] = useState<string | null>(null)
  const index = held === null ? -1 : rows.findIndex(({ key }) => key === held)
  const rangeExtractor = useCallback(
    (range: Range) => {
      const indexes = new Set(defaultRangeExtractor(range))
      for (const one of index === -1 ? [] : [index - 1, index, index + 1]) {
        if (one >= 0 && one < range.count) indexes.add(one)
      }
      return [...indexes].toSorted((a, b) => a - b)
    },
    [index],
  )
  return { hold, rangeExtractor }
}
