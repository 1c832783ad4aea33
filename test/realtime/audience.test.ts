import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Audience } from '../../src/realtime/audience.ts'
import type { Delivery } from '../../src/realtime/delivery.ts'
import { createMemoryBus } from '../../src/realtime/memory-bus.ts'
import { createRooms } from '../../src/realtime/rooms.ts'
import { createLog, subscribeTo } from './hand-written-log.ts'

/** Executions that end when they are told to, in any order; some come to nothing that all could share. */
function createExecutions() {
  const running: { end(): void }[] = []
  return {
    execute(event: unknown) {
      const { id, position } = (event as Delivery).message
      const { promise, resolve } = Promise.withResolvers<string | null>()
      running.push({ end: () => resolve(position % 5n === 0n ? null : id) })
      return promise
    },
    endOne(index: number) {
      const [execution] = running.splice(index % Math.max(1, running.length), 1)
      execution?.end()
    },
    endAll() {
      for (const { end } of running.splice(0)) end()
    },
  }
}

/** Listens for as long as there is something; hears from his audience and by himself. */
function createListener(audience: Audience, log: ReturnType<typeof createLog>, after: Delivery['place'] | null) {
  const heard: string[] = []
  const hears = { alone: 0, shared: 0 }
  let isReading = true
  const subscriber = subscribeTo(log, {
    after,
    queueLimit: 1_000,
    share: {
      audience,
      get isReading() {
        return isReading
      },
      send(id) {
        hears.shared++
        heard.push(id)
      },
    },
    onTooSlow: () => expect.unreachable(),
  })
  const over = (async () => {
    for await (const { message } of subscriber) {
      hears.alone++
      heard.push(message.id)
    }
  })()
  return {
    heard,
    hears,
    subscriber,
    over,
    toggleReading() {
      isReading = !isReading
    },
  }
}

const turn = () => new Promise(setImmediate)

test('However listeners come, stall and executions end, each hears every message once, in order', async () => {
  const step = fc.oneof(
    fc.record({ say: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ end: fc.nat({ max: 20 }) }),
    fc.record({ toggle: fc.nat({ max: 10 }) }),
    fc.constantFrom('join' as const, 'turn' as const),
  )
  const ways = { alone: 0, shared: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const log = createLog()
      const executions = createExecutions()
      const audience = new Audience(executions.execute)
      const listeners = [createListener(audience, log, { position: 0n })]
      for (const what of steps) {
        if (what === 'join') listeners.push(createListener(audience, log, { position: 0n }))
        else if (what === 'turn') await turn()
        else if ('end' in what) executions.endOne(what.end)
        else if ('toggle' in what) listeners[what.toggle % listeners.length]?.toggleReading()
        else {
          for (let count = 0; count < what.say; count++) {
            audience.tell(
              log.write(),
              listeners.map(({ subscriber }) => subscriber),
            )
          }
        }
      }
      const all = Array.from({ length: log.size }, (_, index) => `${index}`)
      for (let turns = 0; turns < 50; turns++) {
        executions.endAll()
        await turn()
      }
      for (const { heard, hears, subscriber, over } of listeners) {
        expect(heard).toEqual(all)
        ways.alone += hears.alone
        ways.shared += hears.shared
        subscriber.end()
        await over
      }
    }),
    { numRuns: 200 },
  )
  expect(ways.alone).toBeGreaterThan(0)
  expect(ways.shared).toBeGreaterThan(0)
})

test('A change is executed once for all who are in the room by then, and told to those who still are', async () => {
  const log = createLog()
  const executions = createExecutions()
  let executed = 0
  const audience = new Audience((delivery) => {
    executed++
    return executions.execute(delivery)
  })
  const bus = createMemoryBus()
  const rooms = createRooms(bus)
  const join = async () => {
    const listener = createListener(audience, log, null)
    await rooms.enter('the house', listener.subscriber)
    return listener
  }
  const early = [await join(), await join(), await join()]

  bus.publish('conversation:the house', { type: 'changed', message: log.write() })
  early[1]?.subscriber.end()
  const late = await join()
  executions.endAll()
  await turn()
  await turn()

  expect(executed).toBe(1)
  expect([...early, late].map(({ heard }) => heard.length)).toEqual([1, 0, 1, 0])

  bus.publish('conversation:the house', { type: 'changed', message: log.write() })
  executions.endAll()
  await turn()
  await turn()
  expect([...early, late].map(({ heard }) => heard.length)).toEqual([2, 0, 2, 1])
  for (const { subscriber } of [...early, late]) subscriber.end()
})
