import { expect, test } from 'vitest'
import type { LogEvent } from '../../src/log/change.ts'
import type { Channel } from '../../src/realtime/bus.ts'
import { hashChannel } from '../../src/realtime/channel-hash.ts'
import { WaitingBatches } from '../../src/realtime/waiting-batches.ts'

test('Of two channels with the same hash, the part of the one doesn’t pass for that of the other', () => {
  const channels: Channel[] = ['user:162789', 'user:379192']
  const hashes = channels.map(hashChannel)
  expect(hashes[0]).toBe(hashes[1])
  const event: LogEvent = { type: 'left', conversationId: 'house', userId: 'tom' }
  const batches = new WaitingBatches()

  batches.announce({ from: 1n, to: 1n, channels: hashes })
  batches.addPart('user:162789', { from: 1n, to: 1n, events: [[0, event]] }, 100)
  expect(
    batches.take(
      0n,
      () => true,
      () => {},
    ),
  ).toBe('missing')
  batches.addPart('user:379192', { from: 1n, to: 1n, events: [[1, event]] }, 100)
  expect(
    batches.take(
      0n,
      () => true,
      () => {},
    ),
  ).toMatchObject({ to: 1n, events: [event, event] })
})

test('The log is read for one who enters a conversation if he listens to it here, and not if he is but watched', () => {
  const entered: LogEvent = { type: 'entered', conversationId: 'house', userId: 'tom' }
  const channels = [hashChannel('user:tom'), hashChannel('conversation:house')]
  const heard = new Set([hashChannel('user:tom')])
  const hears = (hash: number) => heard.has(hash)
  const batches = new WaitingBatches()
  for (const from of [1n, 2n]) {
    batches.announce({ from, to: from, channels })
    batches.addPart('user:tom', { from, to: from, events: [[0, entered]] }, 100)
  }

  expect(batches.take(0n, hears, () => {})).toMatchObject({ to: 1n, events: [entered] })
  const enter = () => heard.add(hashChannel('conversation:house'))
  expect(batches.take(1n, hears, enter)).toBe('unheard')
})

test('However many are announced while one is missing, few are remembered', () => {
  const batches = new WaitingBatches()
  for (let from = 2n; from < 200_000n; from++) batches.announce({ from, to: from, channels: [1] })
  expect(batches.begins().size).toBeLessThan(100_000)
})
