import type { Bus, BusEvent, BusSubscription } from '../realtime/bus.ts'

/** Told that somebody has come or gone, or that he has entered a conversation or left one. */
export type HintListener = (event: Extract<BusEvent, { type: 'presence' | 'entered' | 'left' }>) => void

/** Who listens to whom in this process: one subscription of the bus for each user, however many watch him. */
export interface PresenceHints {
  /** Once this resolves, the listener is told of each later one of the user's. */
  join(userId: string, listener: HintListener): Promise<void>
  leave(userId: string, listener: HintListener): void
}

export function createPresenceHints(bus: Bus): PresenceHints {
  const watched = new Map<string, { listeners: Set<HintListener>; subscription: BusSubscription }>()

  function open(userId: string) {
    const listeners = new Set<HintListener>()
    const subscription = bus.subscribe(`user:${userId}`, (event) => {
      if (event.type !== 'presence' && event.type !== 'entered' && event.type !== 'left') return
      for (const listener of listeners) listener(event)
    })
    const audience = { listeners, subscription }
    watched.set(userId, audience)
    return audience
  }

  return {
    join(userId, listener) {
      const { listeners, subscription } = watched.get(userId) ?? open(userId)
      listeners.add(listener)
      return subscription.ready
    },
    leave(userId, listener) {
      const audience = watched.get(userId)
      if (!audience?.listeners.delete(listener) || audience.listeners.size > 0) return
      audience.subscription.close()
      watched.delete(userId)
    },
  }
}
