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

/** Another object for each visit, of the same place too. */
export function usePlace(): Place | null {
  const visit = useSyncExternalStore(subscribe, () => visits)
  // biome-ignore lint/correctness/useExhaustiveDependencies: Each visit reads the address anew.
  return useMemo(() => {
    const { hash } = location
    const [, letter, id, seq] = /^#\/([cu])\/([^/]+)(?:\/(\d{1,9}))?$/.exec(hash) ?? []
    if (!id) return null
    return {
      type: letter === 'c' ? 'conversation' : 'user',
      id: decoded(id),
      seq: seq ? Number(seq) : undefined,
    }
  }, [visit])
}

/** As it is, where somebody has cut an address short. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

let visits = 0

function subscribe(onChange: () => void): () => void {
  function note() {
    visits += 1
    onChange()
  }
  // Comes with each way to an address, the one where the page is already included.
  window.addEventListener('popstate', note)
  return () => window.removeEventListener('popstate', note)
}
