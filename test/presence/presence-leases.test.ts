import { expect, onTestFinished, test, vi } from 'vitest'
import type { User } from '../../src/generated/prisma/client.ts'
import { createPresence } from '../../src/presence/presence.ts'
import { createPresenceHints } from '../../src/presence/presence-hints.ts'
import { createMemoryLeases } from '../../src/presence/presence-leases.ts'
import { PresenceWatcher } from '../../src/presence/presence-watcher.ts'
import { createMemoryBus } from '../../src/realtime/memory-bus.ts'

const nextTurn = () => new Promise(setImmediate)

/** Two nodes that share leases, the clock standing still. */
function twoNodes(leases = createMemoryLeases({ timeToLive: 30_000 })) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const bus = createMemoryBus()
  const markSeen = vi.fn(async () => {})
  const onFault = vi.fn()
  const nodes = [1, 2].map(() => createPresence({ leases, bus, grace: 5_000, markSeen, onFault }))
  onTestFinished(() => expect(onFault).not.toHaveBeenCalled())
  const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
  /** Somebody at node two, who watches Tom. */
  const watcher = new PresenceWatcher({
    viewerId: 'jerry',
    userIds: new Set(['tom']),
    hints: createPresenceHints(bus),
    presence: two,
    look: async () => {
      const online = (await two.online(['tom'])).has('tom')
      return [
        { user: { id: 'tom', username: `${online}` } as User, state: { online, lastSeenAt: null }, isVisible: true },
      ]
    },
  })
  const nextState = async () => (await watcher.next()).value.username
  return { leases, one, two, nextState, markSeen }
}

test('A node’s users stay online for as long as it renews their leases', async () => {
  const { one, two } = twoNodes()
  one.connected('tom')

  await vi.advanceTimersByTimeAsync(600_000)

  expect(await two.online(['tom', 'jerry'])).toEqual(new Set(['tom']))
})

test('Those of a killed node go when their leases run out, and that is told', async () => {
  const { leases, two, nextState } = twoNodes()
  await leases.renew('killed', ['tom'])
  expect(await nextState()).toBe('true')

  const next = nextState()
  await vi.advanceTimersByTimeAsync(29_000)
  expect(await two.online(['tom'])).toEqual(new Set(['tom']))
  await vi.advanceTimersByTimeAsync(11_000)

  expect(await next).toBe('false')
})

test('Who moves from one node to the other stays online', async () => {
  const { one, two, nextState, markSeen } = twoNodes()
  const leave = one.connected('tom')
  await nextTurn()
  expect(await nextState()).toBe('true')
  const next = nextState()

  leave()
  await vi.advanceTimersByTimeAsync(1_000)
  const leaveTwo = two.connected('tom')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await one.online(['tom'])).toEqual(new Set(['tom']))
  expect(markSeen).toHaveBeenCalledTimes(1)

  leaveTwo()
  await vi.advanceTimersByTimeAsync(4_000)
  expect(await one.online(['tom'])).toEqual(new Set(['tom']))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await next).toBe('false')
})

test('Who doesn’t read gets the latest state alone', async () => {
  const { two, nextState } = twoNodes()
  expect(await nextState()).toBe('false')
  for (let visits = 0; visits < 10; visits++) {
    two.connected('tom')()
    await vi.advanceTimersByTimeAsync(6_000)
  }
  two.connected('tom')

  expect(await nextState()).toBe('true')
})

test('Who comes while leases can’t be taken is told of once they can', async () => {
  const leases = createMemoryLeases()
  const { one, nextState } = twoNodes(leases)
  expect(await nextState()).toBe('false')
  const renew = vi.spyOn(leases, 'renew').mockRejectedValueOnce(new Error('Too much at once'))

  one.connected('tom')
  await nextTurn()
  expect(renew).toHaveBeenCalledTimes(1)
  const next = nextState()
  await vi.advanceTimersByTimeAsync(11_000)

  expect(await next).toBe('true')
})

test('Who is taken for gone as it can’t be known is looked at again', async () => {
  const leases = createMemoryLeases()
  const { one, nextState } = twoNodes(leases)
  one.connected('tom')
  await nextTurn()
  vi.spyOn(leases, 'held').mockRejectedValueOnce(new Error('Too much at once'))
  expect(await nextState()).toBe('false')

  const next = nextState()
  await vi.advanceTimersByTimeAsync(11_000)

  expect(await next).toBe('true')
})

test('Who goes while leases are being renewed has none afterwards', async () => {
  const leases = createMemoryLeases()
  const { one, two } = twoNodes(leases)
  const leave = one.connected('tom')
  await nextTurn()
  const { renew } = leases
  const renewed = Promise.withResolvers<void>()
  vi.spyOn(leases, 'renew').mockImplementation(async (...args) => {
    await renewed.promise
    await renew(...args)
  })
  // They are renewed each ten seconds, and he is gone after five.
  await vi.advanceTimersByTimeAsync(8_000)
  leave()
  await vi.advanceTimersByTimeAsync(6_000)
  renewed.resolve()
  await nextTurn()

  expect(await two.online(['tom'])).toEqual(new Set())
})
