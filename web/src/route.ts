import { useSyncExternalStore } from 'react'

/** What is open: a conversation, or another user with whom there may be none yet. */
export type Place = { type: 'conversation' | 'user'; id: string }

const LETTERS = { conversation: 'c', user: 'u' } as const

export function addressOf({ type, id }: Place): string {
  return `#/${LETTERS[type]}/${encodeURIComponent(id)}`
}

/** @param place null for the list alone */
export function goTo(place: Place | null): void {
  location.hash = place ? addressOf(place) : '#/'
}

export function usePlace(): Place | null {
  const hash = useSyncExternalStore(subscribe, () => location.hash)
  const [, letter, id] = /^#\/([cu])\/(.+)$/.exec(hash) ?? []
  return id ? { type: letter === 'c' ? 'conversation' : 'user', id: decodeURIComponent(id) } : null
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange)
  return () => window.removeEventListener('hashchange', onChange)
}
