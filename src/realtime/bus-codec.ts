import { z } from 'zod'
import { Prisma } from '../generated/prisma/client.ts'
import type { LogEvent, Position } from '../log/change.ts'
import type { BusEvent } from './bus.ts'
import { hashChannel } from './channel-hash.ts'
import { fromWire, toWire, type WireMessage } from './message-codec.ts'

const VERSION = 1

/** Names the columns of a message, so that a node whose release has others reads the log instead. */
const COLUMNS = hashChannel(
  [...Object.keys(Prisma.MessageScalarFieldEnum), '', ...Object.keys(Prisma.UserScalarFieldEnum)].join(' '),
)

/** What is not of the log. */
export type PassingEvent = Exclude<BusEvent, LogEvent>

/** What concerns one channel of what a transaction has done: the events, each with its number among all of them. */
export interface LogPart {
  from: Position
  to: Position
  events: [index: number, event: LogEvent][]
}

/** That a transaction has taken these places of the log, both ends included, and told of it on the channels so hashed. */
export interface Announcement {
  from: Position
  to: Position
  channels: number[]
}

/** What travels between nodes; `node` is who sent it. */
export type Payload = { node: string } & (
  | { type: 'event'; event: PassingEvent }
  | { type: 'part'; part: LogPart }
  | { type: 'announcement'; announcement: Announcement }
)

const conversationId = z.string()
const userId = z.string()
const position = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt)
const mark = { conversationId, userId, upToSeq: z.number() }

const passingEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('typing'), conversationId, userId, typing: z.boolean() }),
  z.object({ type: z.literal('read'), ...mark }),
  z.object({ type: z.literal('delivered'), ...mark }),
  z.object({ type: z.literal('sessionsEnded'), sessionIds: z.array(z.string()) }),
  z.object({ type: z.literal('presence'), userId, viewerId: userId.exactOptional() }),
])

const logEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('left'), conversationId, userId }),
  z.object({ type: z.literal('entered'), conversationId, userId }),
  z.object({ type: z.literal('ended'), conversationId, position }),
  // That its columns are those of this release, `columns` says: to check each would cost more than all else.
  z.object({ type: z.literal('changed'), message: z.custom<WireMessage>().transform(fromWire) }),
])

const range = { v: z.literal(VERSION), node: z.string(), from: position, to: position }

const payload = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event'), v: z.literal(VERSION), node: z.string(), event: passingEvent }),
  z.object({
    type: z.literal('part'),
    ...range,
    columns: z.literal(COLUMNS),
    events: z.array(z.tuple([z.number(), logEvent])),
  }),
  z.object({ type: z.literal('announcement'), ...range, channels: z.array(z.number()) }),
])

export function encodeEvent(node: string, event: PassingEvent): string {
  return JSON.stringify({ v: VERSION, type: 'event', node, event })
}

export function encodePart(node: string, { from, to, events }: LogPart): string {
  const wire = events.map(([index, event]) => [index, encodeLogEvent(event)])
  return JSON.stringify({
    v: VERSION,
    type: 'part',
    node,
    columns: COLUMNS,
    from: `${from}`,
    to: `${to}`,
    events: wire,
  })
}

export function encodeAnnouncement(node: string, { from, to, channels }: Announcement): string {
  return JSON.stringify({ v: VERSION, type: 'announcement', node, from: `${from}`, to: `${to}`, channels })
}

/** @returns null for what this release doesn't understand */
export function decodePayload(text: string): Payload | null {
  try {
    const { data } = payload.safeParse(JSON.parse(text))
    if (!data) return null
    const { type, node } = data
    if (type === 'event') return { type, node, event: data.event }
    const { from, to } = data
    if (type === 'part') return { type, node, part: { from, to, events: data.events } }
    return { type, node, announcement: { from, to, channels: data.channels } }
  } catch {
    return null
  }
}

function encodeLogEvent(event: LogEvent): unknown {
  switch (event.type) {
    case 'changed':
      return { type: event.type, message: toWire(event.message) }
    case 'ended':
      return { ...event, position: `${event.position}` }
    default:
      return event
  }
}
