// biome-ignore-all lint/a11y/useSemanticElements: Of a table, the rows in sight alone could not be shown.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { EmojiRow, Place } from './emoji-rows.ts'

const ROW = 38 // px
const HEADING = 30 // px

interface Props {
  id: string
  rows: readonly EmojiRow[]
  /** Which one Enter would pick. The focus stays in the field that leads here. */
  active: Place | null
  /** The row to show, another object each time. */
  jump: { row: number } | null
  onPick: (emoji: string) => void
}

/** As many rows as are in sight. */
export function EmojiGrid({ id, rows, active, jump, onPick }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.heading ? HEADING : ROW),
    overscan: 3,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: Rows of other sizes may be where the last ones were.
  useEffect(() => virtualizer.measure(), [rows, virtualizer])
  useEffect(() => {
    if (active) virtualizer.scrollToIndex(active.row)
  }, [active, virtualizer])
  useEffect(() => {
    if (jump) virtualizer.scrollToIndex(jump.row, { align: 'start' })
  }, [jump, virtualizer])

  return (
    <div ref={scroller} className="emoji-scroller">
      <div
        id={id}
        role="grid"
        aria-label="Emoji"
        aria-rowcount={rows.length}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map(({ index, key, start }) => (
          <div
            key={key}
            role="row"
            tabIndex={-1}
            aria-rowindex={index + 1}
            className="emoji-row"
            style={{ transform: `translateY(${start}px)` }}
          >
            {rows[index]?.heading && (
              <span role="columnheader" tabIndex={-1} className="emoji-heading">
                {rows[index].heading}
              </span>
            )}
            {rows[index]?.emoji?.map(({ emoji, name }, column) => {
              const isActive = active?.row === index && active.column === column
              return (
                <button
                  key={emoji}
                  id={idOf(id, { row: index, column })}
                  type="button"
                  role="gridcell"
                  tabIndex={-1}
                  aria-label={name}
                  aria-selected={isActive}
                  title={name}
                  onClick={() => onPick(emoji)}
                >
                  {emoji}
                </button>
              )
            })}
          </div>
        ))}
      </div>
    </div>
  )
}

export function idOf(id: string, { row, column }: Place): string {
  return `${id}-${row}-${column}`
}
