import type { Bus, BusEvent, BusSubscription, Channel } from './bus.ts'
import { decodePayload, encodeEvent, type LogPart, type PassingEvent } from './bus-codec.ts'
import { hashChannel } from './channel-hash.ts'
import type { MemoryBus } from './memory-bus.ts'
import type { RedisLink } from './redis-link.ts'

export interface ClusterBus extends Bus {
  /** How many channels somebody listens to here. */
  readonly size: number
  /** Whether somebody here listens to a channel with this hash. */
  hears(hash: number): boolean
}

/**
 * The bus of one node among several. What passes is told here at once, and to the other nodes by the link. What the
 * log has, its tail tells: it is handed what other nodes say of it.
 */
export function createClusterBus(options: {
  /** Of this node alone. */
  local: MemoryBus
  link: RedisLink
  nodeId: string
  /** @param size of the payload, in characters */
  onPart: (channel: Channel, part: LogPart, size: number) => void
}): ClusterBus {
  const { local, link, nodeId, onPart } = options
  const remotes = new Map<Channel, { listeners: number; subscription: BusSubscription }>()
  const hashes = new Map<number, number>()

  function receive(channel: Channel, text: string): void {
    const payload = decodePayload(text)
    if (!payload || payload.node === nodeId) return
    if (payload.type === 'event') local.publish(channel, payload.event)
    else if (payload.type === 'part') onPart(channel, payload.part, text.length)
  }

  function open(channel: Channel) {
    const hash = hashChannel(channel)
    hashes.set(hash, (hashes.get(hash) ?? 0) + 1)
    const remote = { listeners: 0, subscription: link.subscribe(channel, (text) => receive(channel, text)) }
    remotes.set(channel, remote)
    return remote
  }

  function release(channel: Channel): void {
    const remote = remotes.get(channel)
    if (!remote || --remote.listeners > 0) return
    remotes.delete(channel)
    remote.subscription.close()
    const hash = hashChannel(channel)
    const others = (hashes.get(hash) ?? 1) - 1
    if (others > 0) hashes.set(hash, others)
    else hashes.delete(hash)
  }

  return {
    publish(channel, event) {
      local.publish(channel, event)
      if (isPassing(event)) link.publish(channel, encodeEvent(nodeId, event))
    },
    subscribe(channel, listener) {
      const subscription = local.subscribe(channel, listener)
      const remote = remotes.get(channel) ?? open(channel)
      remote.listeners++
      let isOpen = true
      return {
        ready: remote.subscription.ready,
        close() {
          subscription.close()
          if (isOpen) release(channel)
          isOpen = false
        },
      }
    },
    hears: (hash) => hashes.has(hash),
    async close() {
      for (const { subscription } of remotes.values()) subscription.close()
      remotes.clear()
      hashes.clear()
      await local.close()
    },
    get size() {
      return local.size
    },
  }
}

function isPassing(event: BusEvent): event is PassingEvent {
  return event.type !== 'changed' && event.type !== 'entered' && event.type !== 'left' && event.type !== 'ended'
}
