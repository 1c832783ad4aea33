import type { Bus, BusEvent, Channel } from './bus.ts'

export interface MemoryBus extends Bus {
  /** How many channels somebody listens to. */
  readonly size: number
  channels(): Iterable<Channel>
}

/** The bus of a single node: listeners are called before `publish` returns. */
export function createMemoryBus(): MemoryBus {
  const channels = new Map<Channel, Set<(event: BusEvent) => void>>()
  return {
    publish(channel, event) {
      for (const listener of channels.get(channel) ?? []) listener(event)
    },
    subscribe(channel, listener) {
      const listeners = channels.get(channel) ?? new Set()
      channels.set(channel, listeners.add(listener))
      return {
        ready: Promise.resolve(),
        close() {
          listeners.delete(listener)
          if (listeners.size === 0 && channels.get(channel) === listeners) channels.delete(channel)
        },
      }
    },
    async close() {
      channels.clear()
    },
    channels: () => channels.keys(),
    get size() {
      return channels.size
    },
  }
}
