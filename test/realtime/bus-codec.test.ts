import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Prisma } from '../../src/generated/prisma/client.ts'
import type { LogEvent, MessageRow } from '../../src/log/change.ts'
import {
  decodePayload,
  encodeAnnouncement,
  encodeEvent,
  encodePart,
  type PassingEvent,
} from '../../src/realtime/bus-codec.ts'

const date = fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })
const position = fc.bigInt({ min: 0n, max: 10n ** 18n - 1n })
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const text = fc.string({ unit: 'binary' })

const message: fc.Arbitrary<MessageRow> = fc.record({
  id: text,
  conversationId: text,
  seq: fc.nat(),
  textOrdinal: fc.nat(),
  senderId: text,
  kind: fc.constantFrom('TEXT', 'SYSTEM', 'FILE'),
  content: nullable(text),
  mediaUrl: nullable(text),
  replyToId: nullable(text),
  clientId: nullable(text),
  fingerprint: nullable(text),
  createdAt: date,
  editedAt: nullable(date),
  deletedAt: nullable(date),
  createdPosition: position,
  position,
  previousPosition: position,
  reactionCount: fc.nat(),
  sender: fc.record({
    id: text,
    username: text,
    usernameKey: text,
    email: nullable(text),
    emailKey: nullable(text),
    displayName: text,
    nameKey: text,
    avatarUrl: nullable(text),
    createdAt: date,
    lastSeenAt: nullable(date),
    deletedAt: nullable(date),
  }),
})

const logEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  fc.record({ type: fc.constant('changed' as const), message }),
  fc.record({ type: fc.constantFrom('left' as const, 'entered' as const), conversationId: text, userId: text }),
  fc.record({ type: fc.constant('ended' as const), conversationId: text, position }),
)

test('What a transaction has done arrives as it was, every column of it', () => {
  const part = fc.record({ from: position, to: position, events: fc.array(fc.tuple(fc.nat(), logEvent)) })
  fc.assert(
    fc.property(part, (part) => {
      expect(decodePayload(encodePart('node', part))).toEqual({ type: 'part', node: 'node', part })
    }),
  )
  const [sample] = fc.sample(message, 1)
  expect(Object.keys(sample ?? {}).sort()).toEqual([...Object.keys(Prisma.MessageScalarFieldEnum), 'sender'].sort())
  expect(Object.keys(sample?.sender ?? {}).sort()).toEqual(Object.keys(Prisma.UserScalarFieldEnum).sort())
})

test('What passes, and what is announced, arrives as it was', () => {
  const events: PassingEvent[] = [
    { type: 'typing', conversationId: 'house', userId: 'tom', typing: true },
    { type: 'read', conversationId: 'house', userId: 'tom', upToSeq: 3 },
    { type: 'delivered', conversationId: 'house', userId: 'tom', upToSeq: 3 },
    { type: 'sessionsEnded', sessionIds: ['one', 'two'] },
    { type: 'presence', userId: 'tom' },
    { type: 'presence', userId: 'tom', viewerId: 'jerry' },
  ]
  for (const event of events) {
    expect(decodePayload(encodeEvent('node', event))).toEqual({ type: 'event', node: 'node', event })
  }
  const announcement = { from: 7n, to: 9n, channels: [1, 4_294_967_295] }
  expect(decodePayload(encodeAnnouncement('node', announcement))).toEqual({
    type: 'announcement',
    node: 'node',
    announcement,
  })
})

test('What another release or nobody says is nothing, and no error', () => {
  const known = encodeAnnouncement('node', { from: 7n, to: 9n, channels: [] })
  const strange = [
    known.replace('"v":1', '"v":2'),
    known.replace('announcement', 'proclamation'),
    known.replace('"7"', '7'),
    known.replace('"7"', '"-7"'),
    encodeEvent('node', { type: 'waving' } as unknown as PassingEvent),
    encodeEvent('node', { type: 'ended', conversationId: 'house' } as unknown as PassingEvent),
    encodePart('node', { from: 1n, to: 1n, events: [[0, { type: 'changed', message: {} as MessageRow }]] }),
    encodePart('node', { from: 1n, to: 1n, events: [] }).replace(/"columns":\d+/, '"columns":0'),
  ]
  for (const text of strange) expect(decodePayload(text), text).toBe(null)
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => decodePayload(text) === null))
})
