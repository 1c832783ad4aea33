/** Who is online here: everyone with at least one live connection. */
export interface Presence {
  isOnline(userId: string): boolean
  connectionsOf(userId: string): number
  /** Counts a connection in until the function that it returns is called. */
  connected(userId: string): () => void
}

/** @param onOffline called when a user's last connection has gone */
export function createPresence(onOffline: (userId: string) => void): Presence {
  const connections = new Map<string, number>()
  return {
    isOnline: (userId) => connections.has(userId),
    connectionsOf: (userId) => connections.get(userId) ?? 0,
    connected(userId) {
      connections.set(userId, (connections.get(userId) ?? 0) + 1)
      return () => {
        const left = (connections.get(userId) ?? 1) - 1
        if (left > 0) return connections.set(userId, left)
        connections.delete(userId)
        return onOffline(userId)
      }
    },
  }
}
