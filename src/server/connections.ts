import type { Viewer } from '../auth/viewer.ts'
import type { Bus } from '../realtime/bus.ts'
import type { Presence } from '../realtime/presence.ts'

const LONGEST_TIMER = 2 ** 31 - 1 // ms

/** A connection that somebody signed in on. */
export interface Connection {
  viewer: Viewer
  /** Tells the client to come back with a fresh token. */
  refuse(reason: string): void
}

/** The live connections, closed when their session ends or their token expires. */
export interface Connections {
  /** @returns to be called when the connection has closed */
  add(connection: Connection): () => void
  readonly size: number
  close(): void
}

export function createConnections(bus: Bus, presence: Presence): Connections {
  const bySession = new Map<string, Set<Connection>>()
  let size = 0
  const sessions = bus.subscribe('sessions', (event) => {
    if (event.type !== 'sessionsEnded') return
    for (const sessionId of event.sessionIds) {
      for (const connection of bySession.get(sessionId) ?? []) connection.refuse('Session ended')
    }
  })

  return {
    add(connection) {
      const { userId, sessionId, expiresAt } = connection.viewer
      const siblings = bySession.get(sessionId) ?? new Set()
      bySession.set(sessionId, siblings.add(connection))
      size++
      const disconnected = presence.connected(userId)
      const lifetime = Math.min(expiresAt - Date.now(), LONGEST_TIMER)
      const expiry = setTimeout(() => connection.refuse('Token expired'), lifetime)
      return () => {
        clearTimeout(expiry)
        size--
        siblings.delete(connection)
        if (siblings.size === 0) bySession.delete(sessionId)
        disconnected()
      }
    },
    get size() {
      return size
    },
    close: () => sessions.close(),
  }
}
