import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Message } from '../client/fragments.ts'
import { dayOf } from '../conversations/times.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { type MessageHandlers, MessageRow, type Status } from './message-row.tsx'
import { OutgoingRow } from './outgoing-row.tsx'
import type { Row } from './rows.ts'
import type { Mark } from './use-activity.ts'
import { useHeldRow } from './use-held-row.ts'
import type { ShownHistory } from './use-history.ts'
import { rowOf, useSeek } from './use-seek.ts'
import './message-list.css'

const NEAR = 27 // rows
const NEAR_END = 120 // px

interface Props extends Omit<MessageHandlers, 'onJump'> {
  rows: readonly Row[]
  history: ShownHistory
  viewerId: string
  canModerate: boolean
  marks: Mark | null
  unreadCount: number
  /** Whether something is still to be sent that no row shows. */
  isWaiting: boolean
  /** Hears that the newest message is in sight, or no longer. */
  onEnd: (isAtEnd: boolean) => void
}

/** The history: as many rows as are in sight, more of it as they come into it, and the end while one is there. */
export function MessageList({
  rows,
  history,
  viewerId,
  canModerate,
  marks,
  unreadCount,
  isWaiting,
  onEnd,
  ...handlers
}: Props) {
  const { sought, seek, hasOlder, hasNewer, isOpening, isLoading, error, loadOlder, loadNewer, retry } = history
  const scroller = useRef<HTMLElement>(null)
  const [isAtBottom, setIsAtBottom] = useState(false)
  const isAtEnd = isAtBottom && !hasNewer
  const wasNewest = useRef(false)
  const { hold, rangeExtractor } = useHeldRow(rows)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 46,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
    rangeExtractor,
    anchorTo: 'end',
    // What is loaded below what one reads is no reason to leave it.
    followOnAppend: wasNewest.current && !hasNewer,
    scrollEndThreshold: NEAR_END,
    paddingEnd: 10,
  })
  const items = virtualizer.getVirtualItems()
  const isSeeking = useSeek(virtualizer, scroller, rows, history)

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

  const isSending = rows.at(-1)?.type === 'outgoing'
  const wasSending = useRef(false)
  // Once it has been sent, another row takes its place.
  useLayoutEffect(() => {
    if (wasSending.current && !isSending && isAtEnd) virtualizer.scrollToEnd()
    wasSending.current = isSending
  }, [isSending, isAtEnd, virtualizer])
  // Not before the messages are there that are sought: at an end that they replace, none of them has been read.
  useLayoutEffect(() => {
    wasNewest.current = !hasNewer
    const element = scroller.current
    if (element) setIsAtBottom(!isOpening && rows.length > 0 && isNearEnd(element))
  }, [rows, hasNewer, isOpening])
  useEffect(() => {
    const { range } = virtualizer
    if (!range || isSeeking.current || isLoading || error) return
    if (hasOlder && range.startIndex < NEAR) loadOlder()
    else if (hasNewer && range.endIndex >= rows.length - NEAR) loadNewer()
  })
  useEffect(() => onEnd(isAtEnd), [isAtEnd, onEnd])

  function move(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const row = (event.target as HTMLElement).closest('[data-index]')
    if (!step || !(event.target as HTMLElement).matches('.message, .messages')) return
    const to = row ? Number(row.getAttribute('data-index')) + step : virtualizer.range?.endIndex
    const next = rowOf(scroller.current, rows[to ?? -1]?.key ?? '')
    if (!next) return
    event.preventDefault()
    next.scrollIntoView({ block: 'nearest' })
    next.focus({ preventScroll: true })
  }

  function goToEnd(): void {
    // The button goes, and with it the focus would.
    scroller.current?.focus({ preventScroll: true })
    seek(Infinity)
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
        onScroll={({ currentTarget }) => setIsAtBottom(isNearEnd(currentTarget))}
      >
        <div className="messages-space" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const row = rows[index]
            return (
              row && (
                // biome-ignore lint/a11y/noStaticElementInteractions: It only hears of the focus in it, and in its dialogs
                <div
                  key={key}
                  ref={virtualizer.measureElement}
                  className="messages-row"
                  data-index={index}
                  data-key={row.key}
                  onFocus={() => hold(row.key)}
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
                        onJump={seek}
                        {...handlers}
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
        {isOpening && isLoading && (sought.seq === Infinity ? isWaiting && 'Sending…' : 'Looking for the message…')}
      </p>
      {error && (
        <p className="messages-note" role="alert">
          The messages could not be loaded.
          {isWaiting && ' What you have written will be sent as soon as there is a connection.'}{' '}
          <Button onClick={retry}>Try again</Button>
        </p>
      )}
      {!isAtEnd && rows.length > 0 && (
        <button type="button" className="messages-newest" onClick={goToEnd}>
          <Icon name="down" size={16} /> Newest
          {unreadCount > 0 && (
            <span className="badge">
              {unreadCount > 999 ? '999+' : unreadCount}
              <span className="visually-hidden"> unread</span>
            </span>
          )}
        </button>
      )}
    </div>
  )
}

function isNearEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight < NEAR_END
}

function statusOf({ sender, seq, deletedAt }: Message, viewerId: string, marks: Mark | null): Status | null {
  if (sender.id !== viewerId || deletedAt || !marks) return null
  if (seq <= marks.readSeq) return 'read'
  return seq <= marks.deliveredSeq ? 'delivered' : 'sent'
}
