import type { RedisLink } from '../../src/realtime/redis-link.ts'

interface Packet {
  channel: string
  payload: string
  to: RedisLink
  hand(): void
}

/** Connects nodes as Redis does, but each packet arrives when it is told to, if at all. */
export function createLossyNetwork() {
  const subscribers = new Map<string, Map<RedisLink, (payload: string) => void>>()
  const packets: Packet[] = []

  function send(channel: string, payload: string): void {
    for (const to of subscribers.get(channel)?.keys() ?? []) {
      const hand = () => to.isUp && subscribers.get(channel)?.get(to)?.(payload)
      packets.push({ channel, payload, to, hand: () => void hand() })
    }
  }

  return {
    packets,
    deliver: (index: number) => packets.splice(index % Math.max(1, packets.length), 1)[0]?.hand(),
    lose: (index: number) => void packets.splice(index % Math.max(1, packets.length), 1),
    repeat: (index: number) => packets[index % Math.max(1, packets.length)]?.hand(),
    deliverAll() {
      while (packets.length > 0) packets.shift()?.hand()
    },
    open(): RedisLink & { toggle(): void } {
      const listeners = new Set<(isUp: boolean) => void>()
      let isUp = true
      const link: RedisLink & { toggle(): void } = {
        prefix: '',
        get isUp() {
          return isUp
        },
        roundTrip: null,
        dropped: 0,
        publish(channel, payload) {
          if (isUp) send(channel, payload)
        },
        subscribe(channel, listener) {
          const all = subscribers.get(channel) ?? new Map()
          subscribers.set(channel, all.set(link, listener))
          return { ready: Promise.resolve(), close: () => void all.delete(link) }
        },
        run: async () => null,
        onChange: (listener) => void listeners.add(listener),
        async close() {},
        toggle() {
          isUp = !isUp
          for (const listener of listeners) listener(isUp)
        },
      }
      return link
    },
  }
}
