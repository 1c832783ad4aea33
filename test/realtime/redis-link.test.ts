import dns from 'node:dns'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { expect, type MockInstance, onTestFinished, test, vi } from 'vitest'
import type { RedisLink } from '../../src/realtime/redis-link.ts'
import { createEventQueue } from '../support/event-queue.ts'
import { poll } from '../support/patience.ts'
import { startRedis } from '../support/redis-server.ts'
import { openLink } from './cluster.ts'

/** What arrives on a channel. */
function listenTo(link: RedisLink, channel: string) {
  const { queue, sink } = createEventQueue<string>()
  const { ready, close } = link.subscribe(channel, sink.push)
  return { ...queue, ready, close }
}

const isUp = (...links: RedisLink[]) => poll(async () => links.every((link) => link.isUp), true)
const isDown = (...links: RedisLink[]) => poll(async () => links.some((link) => link.isUp), false)

/** Asks Redis itself which channels are listened to. */
async function channelsOf(url: string, command: 'CHANNELS' | 'SHARDCHANNELS', pattern: string) {
  const redis = new Redis(url)
  onTestFinished(() => redis.disconnect())
  return async () => ((await redis.call('PUBSUB', command, pattern)) as string[]).join()
}

test('What is published after a subscription is ready arrives in its order, on sharded channels', async () => {
  const { url } = await startRedis()
  const [one, two] = [await openLink(url), await openLink(url)]
  const listener = listenTo(two, 'a')
  await listener.ready
  const channels = await channelsOf(url, 'SHARDCHANNELS', 'test:a')
  expect(await channels()).toBe('test:a')

  for (let number = 0; number < 2_000; number++) one.publish('a', `${number}`)
  for (let number = 0; number < 2_000; number++) expect(await listener.next()).toBe(`${number}`)

  listener.close()
  await poll(channels, '')
})

test('A Redis that doesn’t know sharded channels is spoken to by plain ones', async () => {
  const { url } = await startRedis({ settings: ['--rename-command', 'SSUBSCRIBE', ''] })
  const link = await openLink(url)
  const listener = listenTo(link, 'a')
  await listener.ready
  expect(await (await channelsOf(url, 'CHANNELS', 'test:a'))()).toBe('test:a')

  link.publish('a', 'hello')

  expect(await listener.next()).toBe('hello')
})

test('Deployments with different prefixes share a Redis, and hear nothing of each other', async () => {
  const { url } = await startRedis()
  const one = await openLink(url, { prefix: 'one:' })
  const other = await openLink(url, { prefix: 'other:' })
  const listeners = [listenTo(one, 'a'), listenTo(other, 'a')] as const
  for (const { ready } of listeners) await ready

  one.publish('a', 'of one')
  other.publish('a', 'of the other')

  expect(await listeners[0].next()).toBe('of one')
  expect(await listeners[1].next()).toBe('of the other')
})

test('After Redis was killed, all that is listened to by then is heard again', async () => {
  const redis = await startRedis()
  const warn = vi.fn()
  const logger = pino({ level: 'warn' }, { write: warn })
  const [one, two] = [await openLink(redis.url, { logger }), await openLink(redis.url)]
  const before = Array.from({ length: 1_200 }, (_, number) => listenTo(two, `${number}`))
  for (const { ready } of before) await ready
  const told: boolean[] = []
  two.onChange((isUp) => told.push(isUp))

  await redis.kill()
  await isDown(one, two)
  before[7]?.close()
  const during = listenTo(two, 'during')
  await during.ready
  for (let number = 0; number < 1_000; number++) one.publish('0', 'lost')
  expect(await one.run((redis) => redis.ping())).toBe(null)
  await redis.restart()
  await isUp(one, two)

  for (const channel of ['0', '7', '1199', 'during']) one.publish(channel, `to ${channel}`)
  expect(await during.next()).toBe('to during')
  expect(await before[0]?.next()).toBe('to 0')
  expect(await before[1199]?.next()).toBe('to 1199')
  expect(before[7]?.untaken).toEqual([])
  expect(told).toEqual([false, true])
  expect(warn).toHaveBeenCalledTimes(1)
})

test('A frozen Redis counts as down, holds nothing up, and is used again once it answers', async () => {
  const redis = await startRedis()
  const [one, two] = [await openLink(redis.url), await openLink(redis.url)]
  const before = listenTo(two, 'before')
  await before.ready

  await redis.freeze()
  const during = listenTo(two, 'during')
  one.publish('before', 'perhaps')
  expect(await one.run((commands) => commands.ping())).toBe(null)
  await during.ready
  await isDown(one, two)
  redis.thaw()
  await isUp(one, two)

  one.publish('during', 'to during')
  one.publish('before', 'to before')
  expect(await during.next()).toBe('to during')
  while ((await before.next()) !== 'to before');
})

test('A node that Redis cuts off, as it doesn’t read fast enough, notices and hears again', async () => {
  const settings = ['--client-output-buffer-limit', 'pubsub', '1mb', '0', '0']
  const { url } = await startRedis({ settings })
  const [one, two] = [await openLink(url), await openLink(url)]
  const channel = listenTo(two, 'channel')
  await channel.ready
  const again = Promise.withResolvers<void>()
  const told: boolean[] = []
  two.onChange((isUp) => {
    told.push(isUp)
    if (isUp) again.resolve()
  })

  one.publish('channel', 'too much at once '.repeat(100_000))
  await again.promise
  one.publish('channel', 'live')

  expect(await channel.next()).toBe('live')
  expect(told).toEqual([false, true])
})

test('A Redis that isn’t there doesn’t keep a node from starting, and is used when it comes', async () => {
  const redis = await startRedis()
  await redis.kill()

  const link = await openLink(redis.url)
  expect(link.isUp).toBe(false)
  const listener = listenTo(link, 'a')
  await listener.ready
  await redis.restart()
  await isUp(link)

  link.publish('a', 'hello')
  expect(await listener.next()).toBe('hello')
})

test('What Redis doesn’t take in is dropped beyond a bound', async () => {
  const redis = await startRedis()
  const link = await openLink(redis.url, { heartbeat: 60_000 })
  const listener = listenTo(link, 'a')
  await listener.ready
  const payload = 'x'.repeat(1_000_000)

  await redis.freeze()
  for (let number = 0; number < 100; number++) link.publish('a', `${number} ${payload}`)
  redis.thaw()

  for (let number = 0; number < 16; number++) expect(Number.parseInt(await listener.next(), 10)).toBe(number)
  // Once all that is taken in, there is room again.
  await poll(async () => {
    link.publish('a', 'later')
    return listener.untaken.length > 0
  }, true)
  expect(await listener.next()).toBe('later')
})

test('The password of a Redis that refuses it is in no log', async () => {
  const redis = await startRedis({ settings: ['--requirepass', 'the right one'] })
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line) => void lines.push(line) })

  const link = await openLink(redis.url.replace('//', '//:a-wrong-one@'), { logger })

  expect(link.isUp).toBe(false)
  expect(lines.join()).toContain('WRONGPASS')
  expect(lines.join()).not.toContain('a-wrong-one')
})

test('Why Redis is down is said also where its name has several addresses', async () => {
  const both = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]
  const lookup = vi.spyOn(dns, 'lookup') as unknown as MockInstance<(...args: unknown[]) => void>
  lookup.mockImplementation((...args) => (args.at(-1) as (error: null, addresses: unknown) => void)(null, both))
  onTestFinished(() => lookup.mockRestore())
  const lines: string[] = []

  await openLink('redis://localhost:1', { logger: pino({}, { write: (line) => void lines.push(line) }) })

  expect(lines.join()).toContain('Redis is down (ECONNREFUSED)')
})
