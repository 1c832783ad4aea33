/**
 * Which nodes have whom connected. A lease ends with its time to live unless it is renewed, so that a node that was
 * killed keeps nobody online.
 */
export interface PresenceLeases {
  /** ms that a lease lives. */
  readonly timeToLive: number
  /** Takes the node's leases of these users, or renews them. @throws where some may not have been taken */
  renew(nodeId: string, userIds: readonly string[]): Promise<void>
  release(nodeId: string, userId: string): Promise<void>
  /** Those of these users of whom any node has a lease. @throws where it can't be known of some */
  held(userIds: readonly string[]): Promise<Set<string>>
}

/** The leases of nodes that are one process. */
export function createMemoryLeases({ timeToLive = 30_000 } = {}): PresenceLeases {
  /** By user, when the lease of each node runs out. */
  const leases = new Map<string, Map<string, number>>()
  return {
    timeToLive,
    async renew(nodeId, userIds) {
      const end = performance.now() + timeToLive
      for (const userId of userIds) {
        const nodes = leases.get(userId) ?? new Map<string, number>()
        leases.set(userId, nodes.set(nodeId, end))
      }
    },
    async release(nodeId, userId) {
      const nodes = leases.get(userId)
      nodes?.delete(nodeId)
      if (nodes?.size === 0) leases.delete(userId)
    },
    async held(userIds) {
      const now = performance.now()
      const isHeld = (userId: string) =>
        leases
          .get(userId)
          ?.values()
          .some((end) => end > now)
      return new Set(userIds.filter(isHeld))
    },
  }
}
