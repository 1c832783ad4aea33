import type { Bus } from '../realtime/bus.ts'
import { createLeaseKeeper } from './lease-keeper.ts'
import type { PresenceLeases } from './presence-leases.ts'

const LARGEST_STEP = 500 // users who are told of together

/** Who is online: everyone with a live connection, to whichever node, and for a moment after the last one has closed. */
export interface Presence {
  /** How many live connections a user has to this node. */
  connectionsOf(userId: string): number
  /** Counts a connection to this node in until the function that it returns is called. */
  connected(userId: string): () => void
  /** Those of these users who are online. */
  online(userIds: readonly string[]): Promise<Set<string>>
  /** Calls back whenever leases of other nodes may have run out, until the function that it returns is called. */
  onRenewal(listener: RenewalListener): () => void
  /** Makes up for what nodes could not say to each other: tells them again who is here. */
  reunite(): void
  /** Sees to those who have just gone, at once. */
  close(): Promise<void>
}

/** @param isReunion whether nodes could not know of each other before, so that others may have come unnoticed */
export type RenewalListener = (isReunion: boolean) => void

export interface PresenceOptions {
  leases: PresenceLeases
  bus: Bus
  /** ms after a user's last connection closed until he counts as gone: whoever is back by then never went. */
  grace?: number | undefined
  /** Hears at once that somebody's last connection here has closed. */
  onDisconnected?: (userId: string) => void
  /** Notes when somebody's last connection closed, before it is told. */
  markSeen: (userId: string, at: Date) => Promise<void>
  /** Hears of what could not be noted. */
  onFault: (error: unknown) => void
}

interface Stay {
  connections: number
  /** Set in the moment after the last connection closed. */
  leaving: { at: Date; timer: NodeJS.Timeout } | null
}

export function createPresence(options: PresenceOptions): Presence {
  const { leases, bus, grace = 5_000, onDisconnected, markSeen, onFault } = options
  const stays = new Map<string, Stay>()
  const renewalListeners = new Set<RenewalListener>()

  const tell = (userId: string) => bus.publish(`user:${userId}`, { type: 'presence', userId })
  const keeper = createLeaseKeeper({ leases, isHere: (userId) => stays.has(userId), tell })

  async function depart(userId: string, stay: Stay, at: Date): Promise<void> {
    stay.leaving = null
    await markSeen(userId, at).catch(onFault)
    // He may have come back while that was being stored.
    if (stay.connections > 0 || stay.leaving || stays.get(userId) !== stay) return
    stays.delete(userId)
    await keeper.depart(userId)
  }

  function disconnected(userId: string, stay: Stay): void {
    stay.connections--
    if (stay.connections > 0) return
    const at = new Date()
    const timer = setTimeout(() => void depart(userId, stay, at).catch(onFault), grace)
    timer.unref()
    stay.leaving = { at, timer }
    onDisconnected?.(userId)
  }

  async function renewAll(): Promise<void> {
    await keeper.renew([...stays.keys()])
    const wasInDoubt = keeper.takeDoubt()
    for (const listener of renewalListeners) listener(wasInDoubt)
  }

  async function reunite(): Promise<void> {
    const userIds = [...stays.keys()]
    for (let from = 0; from < userIds.length; from += LARGEST_STEP) {
      const here = userIds.slice(from, from + LARGEST_STEP).filter((userId) => stays.has(userId))
      const areNoted = await keeper.renew(here)
      for (const userId of here) {
        if (areNoted) tell(userId)
        else keeper.arrive(userId)
      }
    }
    for (const listener of renewalListeners) listener(true)
  }

  const renewing = setInterval(() => void renewAll().catch(onFault), leases.timeToLive / 3)
  renewing.unref()

  return {
    connectionsOf: (userId) => stays.get(userId)?.connections ?? 0,
    connected(userId) {
      const known = stays.get(userId)
      const stay = known ?? { connections: 0, leaving: null }
      stay.connections++
      clearTimeout(stay.leaving?.timer)
      stay.leaving = null
      if (!known) {
        stays.set(userId, stay)
        keeper.arrive(userId)
      }
      return () => disconnected(userId, stay)
    },
    async online(userIds) {
      const elsewhere = userIds.filter((userId) => !stays.has(userId))
      const held = elsewhere.length > 0 ? await keeper.held(elsewhere) : new Set<string>()
      return new Set(userIds.filter((userId) => stays.has(userId) || held.has(userId)))
    },
    onRenewal(listener) {
      renewalListeners.add(listener)
      return () => renewalListeners.delete(listener)
    },
    reunite: () => void reunite().catch(onFault),
    async close() {
      clearInterval(renewing)
      const leaving = [...stays].map(async ([userId, stay]) => {
        if (!stay.leaving) return
        clearTimeout(stay.leaving.timer)
        await depart(userId, stay, stay.leaving.at)
      })
      await Promise.all(leaving)
    },
  }
}
