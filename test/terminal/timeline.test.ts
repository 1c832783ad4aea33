import { expect, test } from 'vitest'
import type { ShownMessage } from '../../terminal/operations.ts'
import { createTimeline } from '../../terminal/timeline.ts'

function message(seq: number, changes: Partial<ShownMessage> = {}): ShownMessage {
  const sender = { id: 'tom', username: 'tom', displayName: 'Tom' }
  const times = { createdAt: '2026-01-01T00:00:00.000Z', editedAt: null, deletedAt: null }
  const content = { kind: 'TEXT', content: `message ${seq}`, mediaUrl: null, replyTo: null, reactions: [] } as const
  return { id: String(seq), seq, sender, ...times, ...content, reactions: [], ...changes }
}

const seqs = (messages: ShownMessage[]) => messages.map(({ seq }) => seq)

test('What comes on two ways is shown once, in whatever order', () => {
  const timeline = createTimeline()
  expect(seqs(timeline.load([message(4), message(5)]))).toEqual([4, 5])
  expect(timeline.take(message(5))).toBeNull()
  expect(timeline.take(message(7))).toBe('new')
  expect(timeline.take(message(6))).toBe('new')
  expect(timeline.take(message(7))).toBeNull()
  expect(seqs(timeline.load([message(5), message(6), message(7), message(8)]))).toEqual([8])
  expect(timeline.lastSeq).toBe(8)
})

test('What becomes of a message is told where the message was shown, and not of one that lies before', () => {
  const timeline = createTimeline()
  timeline.load([message(4)])
  expect(timeline.take(message(3, { content: 'edited', editedAt: 'now' }))).toBeNull()
  expect(timeline.take(message(4, { reactions: [{ emoji: '👍', count: 1 }] }))).toBe('reactions')
  expect(timeline.take(message(4, { content: 'edited', editedAt: 'now' }))).toBe('edited')
  expect(timeline.take(message(4, { content: null, deletedAt: 'now' }))).toBe('deleted')
  expect(seqs(timeline.load([message(2), message(3)]))).toEqual([2, 3])
  expect(timeline.take(message(3, { content: 'edited', editedAt: 'now' }))).toBe('edited')
})

test('A message is found by its number, or as the newest that fits', () => {
  const timeline = createTimeline()
  timeline.load([message(4), message(5)])
  expect(timeline.find(4)?.content).toBe('message 4')
  expect(timeline.find(3)).toBeUndefined()
  expect(timeline.findLast(({ content }) => content === 'message 4')?.seq).toBe(4)
})
