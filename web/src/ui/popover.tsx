import { type ReactNode, useLayoutEffect, useRef } from 'react'
import './popover.css'

const GAP = 4 // px from what it belongs to
const MARGIN = 8 // px from the window's edges

interface Props {
  label: string
  /** What it belongs to: it stands above that, or below where there is no room. */
  anchor: HTMLElement
  onClose: () => void
  children: ReactNode
}

/** Over the page until there is a click elsewhere, or Escape; the focus goes back to where it was. */
export function Popover({ label, anchor, onClose, children }: Props) {
  const popover = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = popover.current
    if (!element) return
    element.showPopover()
    const observer = new ResizeObserver(() => place(element, anchor))
    observer.observe(element)
    observer.observe(document.documentElement)
    place(element, anchor)
    return () => {
      observer.disconnect()
      element.hidePopover()
    }
  }, [anchor])

  return (
    <div
      ref={popover}
      className="popover"
      role="dialog"
      aria-label={label}
      popover="auto"
      onToggle={({ newState }) => {
        if (newState === 'closed') onClose()
      }}
    >
      {children}
    </div>
  )
}

function place(element: HTMLElement, anchor: HTMLElement): void {
  const { top, bottom, right } = anchor.getBoundingClientRect()
  const { offsetHeight: height, offsetWidth: width } = element
  const above = top - GAP - height
  const below = Math.min(bottom + GAP, innerHeight - MARGIN - height)
  element.style.top = `${Math.max(MARGIN, above >= MARGIN ? above : below)}px`
  element.style.left = `${Math.max(MARGIN, Math.min(right, innerWidth - MARGIN) - width)}px`
}
