import { randomUUID } from 'node:crypto'
import type { PresenceLeases } from './presence-leases.ts'

/** Has the other nodes know who is here, also where their common memory doesn't always answer. */
export interface LeaseKeeper {
  /** Takes a lease, and tells of him. Those of one turn are noted together, as everybody may come back at once. */
  arrive(userId: string): void
  /**
   * Takes leases again of those who are here, and tells of those who could not be noted before.
   * @returns whether all of them are noted now
   */
  renew(userIds: readonly string[]): Promise<boolean>
  /** Gives a lease back, and tells of him, unless he is here again by then. */
  depart(userId: string): Promise<void>
  /** Those of these users of whom any node has a lease, as far as is known. */
  held(userIds: readonly string[]): Promise<Set<string>>
  /** Whether somebody may have been taken for gone since this was last asked, as it could not be known. */
  takeDoubt(): boolean
}

export function createLeaseKeeper(options: {
  leases: PresenceLeases
  isHere: (userId: string) => boolean
  /** Has everyone who watches him look again. */
  tell: (userId: string) => void
}): LeaseKeeper {
  const { leases, isHere, tell } = options
  const nodeId = randomUUID()
  /** Those who have come, until they are noted. */
  const arriving = new Set<string>()
  let isArriving = false
  let renewals: Promise<unknown> = Promise.resolve()
  let isInDoubt = false

  /** @returns whether all are noted */
  function note(userIds: readonly string[]): Promise<boolean> {
    const noting = leases.renew(nodeId, userIds).then(
      () => true,
      () => false,
    )
    renewals = renewals.then(() => noting)
    return noting
  }

  async function arriveAll(): Promise<void> {
    isArriving = false
    const userIds = [...arriving].filter(isHere)
    const areNoted = await note(userIds)
    for (const userId of userIds) {
      // Else he is told of once more: those who look from other nodes can't see him yet.
      if (areNoted) arriving.delete(userId)
      if (isHere(userId)) tell(userId)
    }
  }

  return {
    arrive(userId) {
      arriving.add(userId)
      if (!isArriving) setImmediate(() => void arriveAll())
      isArriving = true
    },
    async renew(userIds) {
      const waiting = userIds.filter((userId) => arriving.has(userId))
      const areNoted = await note(userIds)
      if (areNoted) for (const userId of waiting) if (arriving.delete(userId) && isHere(userId)) tell(userId)
      return areNoted
    },
    async depart(userId) {
      arriving.delete(userId)
      // One under way would take his lease again after it was given back.
      await renewals
      if (isHere(userId)) return
      await leases.release(nodeId, userId)
      tell(userId)
    },
    held: (userIds) =>
      leases.held(userIds).catch(() => {
        isInDoubt = true
        return new Set<string>()
      }),
    takeDoubt() {
      const wasInDoubt = isInDoubt
      isInDoubt = false
      return wasInDoubt
    },
  }
}
