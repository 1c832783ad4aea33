import type { Virtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Row } from './rows.ts'
import type { ShownHistory } from './use-history.ts'

const STILL = 6 // frames, which the virtualizer may take to measure what it has scrolled to

/**
 * Brings what is sought into sight, once it is there, and a message also into focus.
 * @returns whether that is under way: until then rows must not get other numbers
 */
export function useSeek(
  virtualizer: Virtualizer<HTMLElement, Element>,
  scroller: RefObject<HTMLElement | null>,
  rows: readonly Row[],
  { sought, isOpening }: Pick<ShownHistory, 'sought' | 'isOpening'>,
): RefObject<boolean> {
  const isSeeking = useRef(false)
  const found = useRef<ShownHistory['sought']>(null)
  const stop = useRef(() => {})
  const [, render] = useState(0)

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element || isOpening || rows.length === 0 || found.current === sought) return
    found.current = sought
    isSeeking.current = true
    stop.current()
    const key = scrollTo(virtualizer, rows, sought.seq)
    stop.current = whenStill(element, () => {
      isSeeking.current = false
      if (key) rowOf(element, key)?.focus({ preventScroll: true })
      render((count) => count + 1)
    })
  }, [virtualizer, scroller, rows, sought, isOpening])
  useEffect(() => () => stop.current(), [])
  return isSeeking
}

/** @returns which row it has scrolled to, if not to the end */
function scrollTo(
  virtualizer: Virtualizer<HTMLElement, Element>,
  rows: readonly Row[],
  seq: number,
): string | undefined {
  if (seq === Infinity) {
    virtualizer.scrollToEnd()
    return
  }
  const found = rows.findIndex((row) => row.type === 'message' && row.message.seq >= seq)
  const index = found === -1 ? rows.length - 1 : found
  virtualizer.scrollToIndex(index, { align: 'center' })
  return rows[index]?.key
}

function whenStill(element: HTMLElement, then: () => void): () => void {
  let top = Number.NaN
  let still = 0
  let request = requestAnimationFrame(function look() {
    still = element.scrollTop === top ? still + 1 : 0
    top = element.scrollTop
    if (still < STILL) request = requestAnimationFrame(look)
    else then()
  })
  return () => cancelAnimationFrame(request)
}

export function rowOf(scroller: HTMLElement | null, key: string): HTMLElement | null {
  return scroller?.querySelector(`[data-key="${CSS.escape(key)}"] .message`) ?? null
}
