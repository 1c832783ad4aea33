import fc from 'fast-check'
import { pino } from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { LogEvent, MessageRow } from '../../src/log/change.ts'
import type { Delivery } from '../../src/realtime/delivery.ts'
import { openBus } from '../../src/realtime/open-bus.ts'
import { createRooms } from '../../src/realtime/rooms.ts'
import { Subscriber } from '../../src/realtime/subscriber.ts'
import { createLossyNetwork } from './lossy-network.ts'

// Direct ones, of whose members nobody asks.
const CONVERSATIONS = ['one', 'two', 'three'].map((name) => name.padEnd(22))
const [ONE = ''] = CONVERSATIONS
const turn = () => new Promise(setImmediate)

/** A log that is written to by hand. Each reading takes a turn; those of the nodes themselves may fail. */
function createSharedLog() {
  const messages = new Map<string, MessageRow>()
  let head = 0n
  let failures = 0
  const mayFail = () => {
    if (failures > 0) throw new Error(`The database is away, ${failures--} times more`)
  }
  const select = async (after: bigint, limit: number, conversationId?: string) => {
    await turn()
    return [...messages.values()]
      .filter((message) => message.position > after && (!conversationId || message.conversationId === conversationId))
      .sort((one, other) => Number(one.position - other.position))
      .slice(0, limit)
  }
  const changes = async (after: bigint, limit: number) => {
    mayFail()
    return select(after, limit)
  }
  const readHead = async () => {
    await turn()
    mayFail()
    return head
  }

  return {
    messages,
    fail: (times: number) => {
      failures = times
    },
    /** Creates a message, or changes one that there is. */
    write(number: number, isNew: boolean): LogEvent {
      head++
      const old = isNew ? undefined : [...messages.values()][number % Math.max(1, messages.size)]
      const id = old?.id ?? `${messages.size}`
      const message = {
        id,
        conversationId: old?.conversationId ?? CONVERSATIONS[number % CONVERSATIONS.length],
        kind: 'TEXT',
        seq: 2,
        createdAt: new Date(0),
        editedAt: null,
        deletedAt: null,
        createdPosition: old?.createdPosition ?? head,
        position: head,
        previousPosition: 0n,
        sender: { createdAt: new Date(0), lastSeenAt: null, deletedAt: null },
      } as MessageRow
      messages.set(id, message)
      return { type: 'changed', message }
    },
    reader: { epoch: async () => 'test', head: readHead, wholeLog: { head: readHead, changes } },
    scope: (conversationId?: string) => ({
      head: async () => head,
      changes: (after: bigint, limit: number) => select(after, limit, conversationId),
    }),
  }
}

type SharedLog = ReturnType<typeof createSharedLog>

async function openNode(log: SharedLog, network: ReturnType<typeof createLossyNetwork>) {
  const link = network.open()
  const nodes = await openBus({
    config: { databaseUrl: '' },
    link,
    database: { readSql: { provider: 'sqlite', all: async () => [], run: async () => 0, insert: async () => {} } },
    reader: log.reader,
    userIds: () => [],
    logger: pino({ level: 'silent' }),
    page: 3,
  })
  const rooms = createRooms(nodes.bus)
  const committed: LogEvent[][] = []

  async function listen(conversationIds: readonly string[], after: bigint | null) {
    const heard: Delivery[] = []
    const subscriber = new Subscriber({
      userId: 'tom',
      log: log.scope(conversationIds.length === 1 ? conversationIds[0] : undefined),
      after: after === null ? null : { position: after },
      queueLimit: 10_000,
      onRemoved: () => expect.unreachable(),
      onTooSlow: () => expect.unreachable(),
      onEnd: () => {},
    })
    for (const id of conversationIds) await rooms.enter(id, subscriber)
    const over = (async () => {
      for await (const delivery of subscriber) heard.push(delivery)
    })()
    const end = () => {
      subscriber.end()
      return over
    }
    return { heard, conversationIds, after, end }
  }

  return {
    link,
    listen,
    commit: (events: LogEvent[]) => void committed.push(events),
    /** Tells of what it has committed, a while after that. */
    publish: () => nodes.publish(committed.shift() ?? []),
    close: nodes.close,
  }
}

const nat = fc.nat({ max: 50 })
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      write: fc.array(fc.record({ isNew: fc.boolean(), number: nat }), { minLength: 1, maxLength: 4 }),
      at: nat,
    }),
  },
  { weight: 6, arbitrary: fc.record({ publishAt: nat }) },
  { weight: 8, arbitrary: fc.record({ deliver: nat, times: fc.integer({ min: 1, max: 10 }) }) },
  { weight: 2, arbitrary: fc.record({ lose: nat }) },
  { weight: 2, arbitrary: fc.record({ repeat: nat }) },
  { weight: 1, arbitrary: fc.record({ toggle: nat }) },
  { weight: 1, arbitrary: fc.record({ fail: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ listenAt: nat, alone: fc.boolean(), fromStart: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ wait: fc.constantFrom(1, 10, 60, 1_100) }) },
  { weight: 6, arbitrary: fc.constant('turn' as const) },
)

test('However what nodes tell each other is delayed, lost, repeated and mixed up, all hear every change in order', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const ways = { live: 0, recovered: 0 }

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 80 }), async (steps) => {
      const log = createSharedLog()
      const network = createLossyNetwork()
      const nodes = await Promise.all([1, 2, 3].map(() => openNode(log, network)))
      const at = (number: number) => nodes[number % nodes.length] as (typeof nodes)[0]
      const listeners = await Promise.all(
        nodes.flatMap((node) => [
          node.listen(CONVERSATIONS, 0n),
          node.listen(CONVERSATIONS, null),
          node.listen([ONE], null),
        ]),
      )
      for (const what of steps) {
        if (what === 'turn') await turn()
        else if ('write' in what) at(what.at).commit(what.write.map(({ number, isNew }) => log.write(number, isNew)))
        else if ('publishAt' in what) at(what.publishAt).publish()
        else if ('deliver' in what) for (let time = 0; time < what.times; time++) network.deliver(what.deliver)
        else if ('lose' in what) network.lose(what.lose)
        else if ('repeat' in what) network.repeat(what.repeat)
        else if ('toggle' in what) at(what.toggle).link.toggle()
        else if ('fail' in what) log.fail(what.fail)
        else if ('wait' in what) await vi.advanceTimersByTimeAsync(what.wait)
        else
          listeners.push(await at(what.listenAt).listen(what.alone ? [ONE] : CONVERSATIONS, what.fromStart ? 0n : null))
      }
      // What nobody has told by now is lost with its node.
      for (let turns = 0; turns < 30; turns++) {
        await vi.advanceTimersByTimeAsync(300)
        for (let more = 0; more < 10; more++) await turn()
      }

      for (const [index, { heard, conversationIds, after, end }] of listeners.entries()) {
        const positions = heard.map(({ message }) => message.position)
        expect(positions).toEqual([...new Set(positions)].sort((one, other) => Number(one - other)))
        const created = heard.filter(({ type }) => type === 'CREATED').map(({ message }) => message.id)
        expect(created).toEqual([...new Set(created)])
        // Those who have listened from the beginning hear of all.
        if (index < 9 || after === 0n) {
          const held = new Map(heard.map(({ message }) => [message.id, message.position]))
          const mine = [...log.messages.values()].filter((message) => conversationIds.includes(message.conversationId))
          expect(held).toEqual(
            new Map(
              mine
                .toSorted((a, b) => Number(a.createdPosition - b.createdPosition))
                .map(({ id, position }) => [id, position]),
            ),
          )
          expect(new Set(created)).toEqual(new Set(held.keys()))
        }
        for (const { message } of heard) ways[message.recovery ? 'recovered' : 'live']++
        await end()
      }
      await Promise.all(nodes.map((node) => node.close()))
    }),
    { numRuns: 300 },
  )
  expect(ways.live).toBeGreaterThan(100)
  expect(ways.recovered).toBeGreaterThan(100)
}, 120_000)

test('Where nothing is lost, the log is never read: not of the other nodes, and not on this one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const log = createSharedLog()
  const network = createLossyNetwork()
  const nodes = await Promise.all([1, 2, 3].map(() => openNode(log, network)))
  onTestFinished(() => Promise.all(nodes.map((node) => node.close())).then(() => {}))
  const listeners = await Promise.all(nodes.map((node) => node.listen(CONVERSATIONS, null)))

  for (let number = 0; number < 60; number++) {
    const node = nodes[number % 3]
    node?.commit([log.write(number, true), log.write(number, false), log.write(number + 1, true)])
    // Another one may be heard of first, and is told in its turn.
    if (number % 2 === 0) continue
    node?.publish()
    network.deliverAll()
    nodes[(number - 1) % 3]?.publish()
    network.deliverAll()
    await turn()
  }

  for (const { heard, end } of listeners) {
    expect(heard.map(({ message }) => message.position)).toEqual(
      Array.from({ length: 180 }, (_, index) => BigInt(index + 1)),
    )
    expect(heard.filter(({ message }) => message.recovery)).toEqual([])
    await end()
  }
})
