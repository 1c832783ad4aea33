import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { Delivery } from '../../src/realtime/delivery.ts'
import { createLog, subscribeTo } from './hand-written-log.ts'

test('However reading, writing and cuts interleave, a listener is told everything once, in order', async () => {
  const step = fc.oneof(
    fc.record({ write: fc.constantFrom('new', 'change'), times: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ read: fc.integer({ min: 1, max: 250 }) }),
    fc.constant('cut' as const),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const log = createLog()
      const held: Record<string, bigint> = {}
      let place: Delivery['place'] = { position: 0n }
      const listen = () => subscribeTo(log, { after: place, queueLimit: 10_000 })
      let subscriber = listen()
      let wasCut = false
      const read = async () => {
        const { value } = await subscriber.next()
        const { message } = value
        expect(message.position > place.position).toBe(true)
        // After a cut, what changed since then may have been told before; then it is never new.
        if (message.id in held) expect(value.type).toBe('UPDATED')
        else if (!wasCut) expect(value.type).toBe('CREATED')
        place = value.place
        held[message.id] = message.position
      }
      const isBehind = () => JSON.stringify(toText(held)) !== JSON.stringify(toText(log.state()))

      for (const what of steps) {
        if (what === 'cut') {
          subscriber.end()
          subscriber = listen()
          wasCut = true
        } else if ('read' in what) {
          for (let count = 0; count < what.read && isBehind(); count++) await read()
        } else {
          for (let count = 0; count < what.times; count++) {
            subscriber.push(log.write(what.write === 'new' ? undefined : count % Math.max(1, log.size)))
          }
        }
      }
      while (isBehind()) await read()
      expect(toText(held)).toEqual(toText(log.state()))
    }),
    { numRuns: 50 },
  )
})

function toText(positions: Record<string, bigint>): string[] {
  return Object.entries(positions)
    .map(([id, position]) => `${id} at ${position}`)
    .toSorted()
}

test('Half-way through catching up, a resumed listener is still told what is new to him', async () => {
  const log = createLog()
  const known = log.write()
  const start = { position: known.position }
  const listen = (after: Delivery['place']) => subscribeTo(log, { after })
  log.write(1)
  log.write(2)
  log.write(1)
  log.write(0)

  const first = await listen(start).next()
  expect(first.value).toMatchObject({ type: 'CREATED', message: { id: '2' } })
  const resumed = listen(first.value.place)
  expect((await resumed.next()).value).toMatchObject({ type: 'CREATED', message: { id: '1' } })
  expect((await resumed.next()).value).toMatchObject({ type: 'UPDATED', message: { id: '0' } })
  resumed.push(log.write(1))
  expect((await resumed.next()).value).toMatchObject({ type: 'UPDATED', message: { id: '1' } })
})

test('A queue that overflows while the log is being read is read from there', async () => {
  const log = createLog()
  for (let written = 0; written < 300; written++) log.write()
  const subscriber = subscribeTo(log, {
    after: { position: 0n },
    queueLimit: 5,
    onTooSlow: () => expect.unreachable(),
  })
  const seen = [await subscriber.next()]
  for (let written = 0; written < 20; written++) subscriber.push(log.write())
  while (seen.length < 320) seen.push(await subscriber.next())

  expect(seen.map(({ value }) => value.message.id)).toEqual(seen.map((_, index) => `${index}`))
})

test('Who lets too much wait is told so, and hears nothing more', async () => {
  const log = createLog()
  const onTooSlow = vi.fn()
  const onEnd = vi.fn()
  const subscriber = subscribeTo(log, { queueLimit: 2, onTooSlow, onEnd })

  for (let pushes = 0; pushes < 3; pushes++) subscriber.push(log.write())

  expect(onTooSlow).toHaveBeenCalledOnce()
  expect(onEnd).toHaveBeenCalledOnce()
  expect(await subscriber.next()).toMatchObject({ done: true })
})

test('Ending settles who waits, and drops what waits', async () => {
  const log = createLog()
  const subscriber = subscribeTo(log)
  const waiting = subscriber.next()

  await subscriber.return()

  expect(await waiting).toMatchObject({ done: true })
  subscriber.push(log.write())
  expect(await subscriber.next()).toMatchObject({ done: true })
})
