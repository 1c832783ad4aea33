import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { CombinedError } from 'urql'
import type { Message } from '../client/fragments.ts'
import { dayOf } from '../conversations/times.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { type MessageHandlers, MessageRow, type Status } from './message-row.tsx'
import { OutgoingRow } from './outgoing-row.tsx'
import type { Row } from './rows.ts'
import type { Mark } from './use-activity.ts'
import './message-list.css'

const NEAR_TOP = 15 // rows
const NEAR_END = 120 // px

interface Props extends Omit<MessageHandlers, 'onJump'> {
  rows: readonly Row[]
  /** The message to show, if not the newest. */
  seq?: number | undefined
  viewerId: string
  canModerate: boolean
  marks: Mark | null
  hasOlder: boolean
  isLoading: boolean
  error: CombinedError | null
  loadOlder: () => void
  /** Hears which rows are shown, by their index. */
  onShown: (first: number, last: number) => void
  /** Hears that the newest message is in sight, or no longer. */
  onEnd: (isAtEnd: boolean) => void
}

/** The history: as many rows as are in sight, older ones as they come into it, and the end while one is there. */
export function MessageList(props: Props) {
  const { rows, seq, viewerId, canModerate, marks, hasOlder, isLoading, error, loadOlder, onShown, onEnd } = props
  const scroller = useRef<HTMLElement>(null)
  const [isAtEnd, setIsAtEnd] = useState(true)
  const soughtKey = useRef<string>(undefined)
  const lastWritten = useRef('')
  const [jumpTo, setJumpTo] = useState<number | null>(null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 46,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: NEAR_END,
    paddingEnd: 10,
  })
  const items = virtualizer.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  const isFilled = rows.length > 0

  useLayoutEffect(() => {
    if (isFilled) virtualizer.scrollToEnd()
  }, [isFilled, virtualizer])
  // The room gets less as the composer grows, or a phone's keyboard comes up.
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    let height = element.clientHeight
    const observer = new ResizeObserver(() => {
      const wasAtEnd = element.scrollHeight - element.scrollTop - height < NEAR_END
      if (wasAtEnd && element.clientHeight !== height) virtualizer.scrollToEnd()
      height = element.clientHeight
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [virtualizer])

  const newest = rows.at(-1)
  const newestKey = newest?.key
  const written = newest?.type === 'outgoing' ? newest.key : ''
  // With what one writes; and when it has been sent, as another row takes its place.
  // biome-ignore lint/correctness/useExhaustiveDependencies: Where the end is matters when there is another newest row.
  useLayoutEffect(() => {
    const isWritten = written > lastWritten.current
    const isSent = !written && lastWritten.current !== ''
    lastWritten.current = written
    if (isWritten || (isSent && isAtEnd)) virtualizer.scrollToEnd()
  }, [newestKey, virtualizer])
  useEffect(() => {
    if (isFilled && first < NEAR_TOP && hasOlder && !isLoading && !error) loadOlder()
  }, [first, isFilled, hasOlder, isLoading, error, loadOlder])
  useEffect(() => onShown(first, last), [first, last, onShown])
  useEffect(() => onEnd(isAtEnd), [isAtEnd, onEnd])

  useEffect(() => setJumpTo(seq ?? null), [seq])
  // A message further back is jumped to once all between has been loaded.
  useEffect(() => {
    if (jumpTo === null || isLoading) return
    const index = rows.findIndex((row) => row.type === 'message' && row.message.seq >= jumpTo)
    if (hasOlder && index <= 0 && !error) {
      loadOlder()
      return
    }
    setJumpTo(null)
    virtualizer.scrollToIndex(Math.max(index, 0), { align: 'center' })
    const { key } = rows[Math.max(index, 0)] ?? {}
    soughtKey.current = key
  }, [jumpTo, rows, hasOlder, isLoading, error, loadOlder, virtualizer])

  // It is there some renderings later.
  useEffect(() => {
    const row = rowOf(scroller.current, soughtKey.current)
    if (!row) return
    soughtKey.current = undefined
    row.focus({ preventScroll: true })
  })

  function move(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const row = (event.target as HTMLElement).closest('[data-index]')
    if (!step || !(event.target as HTMLElement).matches('.message, .messages')) return
    const from = row ? Number(row.getAttribute('data-index')) : rows.length
    const to = rows[from + step]
    if (!to) return
    event.preventDefault()
    virtualizer.scrollToIndex(from + step, { align: 'auto' })
    rowOf(scroller.current, to.key)?.focus({ preventScroll: true })
  }

  return (
    <div className="messages-frame">
      <section
        ref={scroller}
        className="messages"
        aria-label="Messages"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: What scrolls can be reached with the keyboard.
        tabIndex={0}
        onKeyDown={move}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setIsAtEnd(scrollHeight - scrollTop - clientHeight < NEAR_END)
        }
      >
        <div className="messages-space" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const row = rows[index]
            return (
              row && (
                <div
                  key={key}
                  ref={virtualizer.measureElement}
                  className="messages-row"
                  data-index={index}
                  data-key={row.key}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  {row.type === 'outgoing' ? (
                    <OutgoingRow item={row.item} />
                  ) : (
                    <>
                      {row.day && <h3 className="messages-day">{dayOf(row.day)}</h3>}
                      {row.isFirstUnread && <p className="messages-unread">New</p>}
                      <MessageRow
                        message={row.message}
                        isContinued={row.isContinued}
                        viewerId={viewerId}
                        canModerate={canModerate}
                        status={statusOf(row.message, viewerId, marks)}
                        onReply={props.onReply}
                        onEdit={props.onEdit}
                        onJump={setJumpTo}
                      />
                    </>
                  )}
                </div>
              )
            )
          })}
        </div>
      </section>
      <p className="messages-note" role="status">
        {jumpTo !== null && isLoading && 'Looking for the message…'}
      </p>
      {error && (
        <p className="messages-note" role="alert">
          The messages could not be loaded. <Button onClick={loadOlder}>Try again</Button>
        </p>
      )}
      {!isAtEnd && (
        <button type="button" className="messages-newest" onClick={() => virtualizer.scrollToEnd()}>
          <Icon name="down" size={16} /> Newest
        </button>
      )}
    </div>
  )
}

function rowOf(scroller: HTMLElement | null, key: string | undefined): HTMLElement | null {
  return scroller?.querySelector(`[data-key="${CSS.escape(key ?? '')}"] .message`) ?? null
}

function statusOf({ sender, seq, deletedAt }: Message, viewerId: string, marks: Mark | null): Status | null {
  if (sender.id !== viewerId || deletedAt || !marks) return null
  if (seq <= marks.readSeq) return 'read'
  return seq <= marks.deliveredSeq ? 'delivered' : 'sent'
}
