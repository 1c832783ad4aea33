import { expect, test } from 'vitest'
import { createCounts, type SharedCounts } from '../../src/rates/counts.ts'
import { createRates } from '../../src/rates/rates.ts'
import { createRedisCounts } from '../../src/rates/redis-counts.ts'
import type { RedisLink } from '../../src/realtime/redis-link.ts'
import { login } from '../auth/operations.ts'
import { startTwoNodes, timeout } from '../cluster/two-nodes.ts'
import { openLink } from '../realtime/cluster.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startRedis } from '../support/redis-server.ts'
import { codeOf } from './rate-limited.ts'

const RATE = { points: 100, duration: 3_600_000 }

/** A node's counts; those that it has told Redis. */
function watch(link: RedisLink) {
  const counts = createRedisCounts(link)
  const told: Promise<unknown>[] = []
  const shared: SharedCounts = {
    ...counts,
    add(...added) {
      const adding = counts.add(...added)
      told.push(adding)
      return adding
    },
  }
  return { shared, told, settled: () => Promise.all(told) }
}

function isRefused(take: () => void): boolean {
  try {
    take()
    return false
  } catch (error) {
    expect(error).toMatchObject({ code: 'RATE_LIMITED' })
    return true
  }
}

needs('redis')('Nodes that share a Redis', () => {
  test('let through a tenth more each than the rate, and a command for a tenth of it', async () => {
    const { url } = await startRedis()
    const nodes = [watch(await openLink(url)), watch(await openLink(url))].map((node) => ({
      ...node,
      rates: createRates({ send: RATE }, node.shared),
    }))
    let taken = 0
    for (let turn = 0; turn < 300; turn++) {
      for (const { rates, settled } of nodes) {
        if (!isRefused(() => rates.take('send', 'tom'))) taken++
        await settled()
      }
    }
    expect(taken).toBeGreaterThanOrEqual(100)
    expect(taken).toBeLessThanOrEqual(120)
    for (const { told } of nodes) expect(told.length).toBeLessThanOrEqual(6)
    for (const { rates } of nodes) expect(isRefused(() => rates.take('send', 'jerry'))).toBe(false)
  })

  test('count each for themselves while it is down, and together when it is back', async () => {
    const redis = await startRedis()
    const link = await openLink(redis.url)
    const counts = createCounts(createRedisCounts(link))
    expect(await counts.add('tom', 1, 60_000)).toMatchObject({ total: 1 })
    const { shared, settled } = watch(link)
    const rates = createRates({ send: RATE }, shared)

    await redis.kill()
    await poll(async () => link.isUp, false)
    expect(await counts.find('tom')).toBeNull()
    expect(await counts.add('tom', 1, 60_000)).toMatchObject({ total: 1 })
    expect(await counts.add('tom', 1, 60_000)).toMatchObject({ total: 2 })
    for (let time = 0; time < 100; time++) rates.take('send', 'tom')
    expect(isRefused(() => rates.take('send', 'tom'))).toBe(true)
    await settled()

    await redis.restart()
    await poll(async () => link.isUp, true)
    expect(await counts.find('tom')).toBeNull()
    expect(await counts.add('tom', 5, 60_000)).toMatchObject({ total: 5 })
    expect(await counts.find('tom')).toMatchObject({ total: 5 })
    await counts.remove('tom')
    expect(await counts.find('tom')).toBeNull()
  })

  test('count anew when the time is over', async () => {
    const { url } = await startRedis()
    const counts = createRedisCounts(await openLink(url))
    expect(await counts.add('tom', 3, 1_000)).toMatchObject({ total: 3 })
    await poll(async () => (await counts.find('tom'))?.count?.total ?? null, null)
    expect(await counts.add('tom', 1, 1_000)).toMatchObject({ total: 1 })
  })
})

needs('redis', 'postgres')('Nodes of one server', () => {
  test('count guesses together, and know each other’s users', { timeout }, async () => {
    const rates = { account: { points: 3, duration: 3_600_000 } }
    const nodes = await startTwoNodes({ trustedProxies: ['loopback'], rates })
    const [one, two] = nodes
    const at = (node: typeof one, address: string, password: string) => {
      const variables = { login: 'tom', password }
      const answer = node.anonymous.post({ query: login.toString(), variables }, { 'x-forwarded-for': address })
      return answer.then(async (response) => (await response.json()).errors?.[0]?.extensions.code)
    }
    const tom = await one.register('tom')
    expect(await at(two, '198.51.100.7', tom.password)).toBeUndefined()

    const codes = []
    for (let host = 0; host < 8; host++) codes.push(await at(host % 2 ? one : two, `203.0.113.${host}`, 'a guess'))
    expect(codes).toEqual([...Array(4).fill('UNAUTHENTICATED'), ...Array(4).fill('RATE_LIMITED')])
    expect(await at(one, '198.51.100.7', tom.password)).toBeUndefined()
    expect(await at(two, '203.0.113.1', tom.password)).toBe('RATE_LIMITED')
    expect(await codeOf(two.login(tom))).toBeNull()
  })
})
