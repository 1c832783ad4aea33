import type { Viewer } from '../auth/viewer.ts'
import { type ChatError, rateLimited, unauthenticated } from '../errors.ts'
import type { Limits } from '../limits.ts'
import type { Presence } from '../presence/presence.ts'
import type { Bus } from '../realtime/bus.ts'

const LONGEST_TIMER = 2 ** 31 - 1 // ms

/** A connection that somebody signed in on. */
export interface Connection {
  viewer: Viewer
  /** Ends it, telling the client why: UNAUTHENTICATED asks for a fresh token, RATE_LIMITED to come back later. */
  refuse(reason: ChatError): void
}

/** The live connections, closed when their session ends or their token expires. */
export interface Connections {
  /**
   * @returns to be called when the connection has closed
   * @throws ChatError RATE_LIMITED where this user has too many
   */
  add(connection: Connection): () => void
  readonly size: number
  /** Those that somebody is connected with. */
  sessionIds(): string[]
  /** Closes the connections of sessions that are no more. */
  endSessions(sessionIds: readonly string[]): void
  /** Tells all clients to come back, those of streams over SSE too. */
  close(): void
}

export function createConnections(deps: { bus: Bus; presence: Presence; limits: Limits }): Connections {
  const { bus, presence, limits } = deps
  const bySession = new Map<string, Set<Connection>>()
  let size = 0
  const sessions = bus.subscribe('sessions', (event) => {
    if (event.type === 'sessionsEnded') endSessions(event.sessionIds)
  })

  function endSessions(sessionIds: readonly string[]): void {
    for (const sessionId of sessionIds) {
      for (const connection of bySession.get(sessionId) ?? []) {
        connection.refuse(unauthenticated('Session ended: sign in again.'))
      }
    }
  }

  return {
    add(connection) {
      const { userId, sessionId, expiresAt } = connection.viewer
      if (presence.connectionsOf(userId) >= limits.connectionsPerUser) {
        throw rateLimited(
          `One user may have ${limits.connectionsPerUser} live connections: close one.`,
          10,
          'connectionsPerUser',
        )
      }
      const siblings = bySession.get(sessionId) ?? new Set()
      bySession.set(sessionId, siblings.add(connection))
      size++
      const disconnected = presence.connected(userId)
      const lifetime = Math.min(expiresAt - Date.now(), LONGEST_TIMER)
      const expiry = setTimeout(
        () => connection.refuse(unauthenticated('Token expired: refresh the session.')),
        lifetime,
      )
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
    sessionIds: () => [...bySession.keys()],
    endSessions,
    close() {
      sessions.close()
      for (const connections of bySession.values()) {
        for (const connection of connections) connection.refuse(rateLimited('Restarting: resume from your cursor.', 1))
      }
    },
  }
}
