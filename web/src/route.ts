import { useMemo, useSyncExternalStore } from 'react'

/** What is open: a conversation, or another user with whom there may be none yet. */
export interface Place {
  type: 'conversation' | 'user'
  id: string
  /** The message to show, if not the newest. */
  seq?: number | undefined
}

const LETTERS = { conversation: 'c', user: 'u' } as const

export function addressOf({ type, id, seq }: Place): string {
  return `#/${LETTERS[type]}/${encodeURIComponent(id)}${seq ? `/${seq}` : ''}`
}

export function goTo(place: Place): void {
  location.hash = addressOf(place)
}

/** To the list alone; the browser's way back doesn't lead here again. */
export function leave(): void {
  location.replace('#/')
}

export function usePlace(): Place | null {
  const hash = useSyncExternalStore(subscribe, () => location.hash)
  return useMemo(() => {
    const [, letter, id, seq] = /^#\/([cu])\/([^/]+)(?:\/(\d+))?$/.exec(hash) ?? []
    if (!id) return null
    return {
      type: letter === 'c' ? 'conversation' : 'user',
      id: decoded(id),
      seq: seq ? Number(seq) : undefined,
    }
  }, [hash])
}

/** As it is, where somebody has cut an address short. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange)
  return () => window.removeEventListener('hashchange', onChange)
}
