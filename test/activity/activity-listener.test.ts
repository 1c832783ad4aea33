import { expect, test } from 'vitest'
import { ActivityListener } from '../../src/activity/activity-listener.ts'
import { Audience } from '../../src/realtime/audience.ts'
import type { ActivityEvent } from '../../src/realtime/bus.ts'

const conversationId = 'the house'
const typing = (userId: string, typing: boolean): ActivityEvent => ({ type: 'typing', conversationId, userId, typing })
const read = (userId: string, upToSeq: number): ActivityEvent => ({ type: 'read', conversationId, userId, upToSeq })

test('For one who doesn’t read, the newest of each waits, and no more', async () => {
  const sent: string[] = []
  let isReading = true
  const share = {
    audience: new Audience(async () => null),
    get isReading() {
      return isReading
    },
    send: (payload: string) => void sent.push(payload),
  }
  const listener = new ActivityListener({ userId: 'tom', share, onEnd: () => {} })
  const first = listener.next()
  listener.tell(typing('jerry', true), 'shared')
  expect(sent).toEqual(['shared'])

  isReading = false
  listener.tell(read('jerry', 1), 'shared')
  expect((await first).value).toEqual(read('jerry', 1))
  for (let seq = 2; seq <= 1_000; seq++) {
    for (const userId of ['jerry', 'spike']) listener.tell(read(userId, seq), 'shared')
    listener.tell(typing('jerry', seq % 2 === 0), 'shared')
  }
  isReading = true
  listener.tell(read('jerry', 1_001), 'shared')
  const told = [await listener.next(), await listener.next(), await listener.next()]
  expect(told.map(({ value }) => value)).toEqual([read('jerry', 1_001), read('spike', 1_000), typing('jerry', true)])

  const last = listener.next()
  listener.tell(read('jerry', 1_002), 'shared')
  expect(sent, 'together with the others again').toEqual(['shared', 'shared'])
  listener.end()
  expect(await last).toEqual({ value: undefined, done: true })
})

test('What waits when he is removed is dropped', async () => {
  let endings = 0
  const listener = new ActivityListener({ userId: 'tom', onEnd: () => endings++ })
  listener.tell(read('jerry', 1), null)
  listener.end()
  listener.tell(read('jerry', 2), null)
  expect(await listener.next()).toEqual({ value: undefined, done: true })
  expect(endings).toBe(1)
})
