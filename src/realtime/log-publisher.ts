import type { LogEvent, Position } from '../log/change.ts'
import type { Channel } from './bus.ts'
import { encodeAnnouncement, encodePart, type LogPart } from './bus-codec.ts'
import { hashChannel } from './channel-hash.ts'
import type { LogTail } from './log-tail.ts'
import type { MemoryBus } from './memory-bus.ts'
import type { RedisLink } from './redis-link.ts'
import { channelsOf, publishLogEvents } from './rooms.ts'

/** Where every node hears that the log has grown. */
export const LOG_CHANNEL = 'log'

const MOST_SENT = 1_000 // events of a transaction; of a larger one the other nodes read in the log

/**
 * @returns tells of a transaction: this node by its tail, the others on a channel for each conversation and user
 * concerned, and then on that which all hear
 */
export function createLogPublisher(node: {
  local: MemoryBus
  link: RedisLink | null
  tail: LogTail
  nodeId: string
}): (events: readonly LogEvent[]) => void {
  const { local, link, tail, nodeId } = node
  return (events) => {
    const range = rangeOf(events)
    if (!range) return publishLogEvents(local, events)
    tail.committed(range.from, range.to, events)
    if (!link?.isUp) return
    const parts = new Map<Channel, LogPart['events']>()
    for (const [index, event] of events.entries()) {
      for (const channel of channelsOf(event)) {
        const part = parts.get(channel)
        if (part) part.push([index, event])
        else parts.set(channel, [[index, event]])
      }
    }
    if (events.length <= MOST_SENT) {
      for (const [channel, part] of parts) link.publish(channel, encodePart(nodeId, { ...range, events: part }))
    }
    const channels = [...parts.keys().map(hashChannel)]
    link.publish(LOG_CHANNEL, encodeAnnouncement(nodeId, { ...range, channels }))
  }
}

/** The places that a transaction has taken, both ends included; null for one that has changed nothing in the log. */
function rangeOf(events: readonly LogEvent[]): { from: Position; to: Position } | null {
  let range: { from: Position; to: Position } | null = null
  for (const event of events) {
    const position = event.type === 'changed' ? event.message.position : event.type === 'ended' ? event.position : null
    if (position === null) continue
    range ??= { from: position, to: position }
    if (position < range.from) range.from = position
    if (position > range.to) range.to = position
  }
  return range
}
