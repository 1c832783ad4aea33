import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Audience } from '../../src/realtime/audience.ts'
import type { Delivery } from '../../src/realtime/delivery.ts'
import { Subscriber } from '../../src/realtime/subscriber.ts'
import { createLog } from './hand-written-log.ts'

/** Executions that end when they are told to, in any order; some come to nothing that all could share. */
function createExecutions() {
  const running: { end(): void }[] = []
  return {
    execute({ message: { id, position } }: Delivery) {
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
  const subscriber = new Subscriber({
    log: log.scope,
    after,
    queueLimit: 1_000,
    share: {
      audience,
      isReading: () => isReading,
      send(id) {
        hears.shared++
        heard.push(id)
      },
    },
    onTooSlow: () => expect.unreachable(),
    onEnd() {},
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
            const message = log.write()
            for (const { subscriber } of listeners) subscriber.push(message)
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

test('A change is executed once for all, and whoever has gone meanwhile isn’t told of it', async () => {
  const log = createLog()
  const executions = createExecutions()
  let executed = 0
  const audience = new Audience((delivery) => {
    executed++
    return executions.execute(delivery)
  })
  const listeners = Array.from({ length: 10 }, () => createListener(audience, log, null))
  await turn()
  const message = log.write()
  for (const { subscriber } of listeners) subscriber.push(message)
  listeners[3]?.subscriber.end()
  executions.endAll()
  await turn()
  expect(executed).toBe(1)
  expect(listeners.map(({ heard }) => heard.length)).toEqual([1, 1, 1, 0, 1, 1, 1, 1, 1, 1])
  for (const { subscriber } of listeners) subscriber.end()
})
