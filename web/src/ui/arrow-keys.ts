import type { KeyboardEvent } from 'react'

/** Has the arrow keys go through the links in an element, from whatever else in it has the focus. */
export function goThroughLinks(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step) return
  const links = [...event.currentTarget.querySelectorAll('a')]
  links[links.indexOf(document.activeElement as HTMLAnchorElement) + step]?.focus()
  event.preventDefault()
}
