import type { SessionPartsFragment } from '../generated/graphql.ts'

const KEY = 'chatserver.session'

export interface StoredSession {
  refreshToken: string
  user: SessionPartsFragment['user']
}

/** Who is signed in on this device; all of its tabs share it. */
export function readSession(): StoredSession | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null')
  } catch {
    return null
  }
}

export function storeSession(session: StoredSession | null): void {
  if (session) localStorage.setItem(KEY, JSON.stringify(session))
  else localStorage.removeItem(KEY)
}

/** Tells when another tab has signed in or out, or has a newer token. @returns how to hear no more */
export function watchSession(onChange: (session: StoredSession | null) => void): () => void {
  const changed = ({ key }: StorageEvent) => {
    if (key === KEY || key === null) onChange(readSession())
  }
  window.addEventListener('storage', changed)
  return () => window.removeEventListener('storage', changed)
}

/** Runs one after another in all tabs, where the browser can: it can't without TLS, other than on localhost. */
export function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(KEY, work) : work()
}
