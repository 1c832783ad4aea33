import { expect, test } from 'vitest'
import { createRedisLeases } from '../../src/presence/redis-leases.ts'
import { openLink } from '../realtime/cluster.ts'
import { poll } from '../support/patience.ts'
import { startRedis } from '../support/redis-server.ts'

const TIME_TO_LIVE = 400 // ms

async function twoNodes() {
  const redis = await startRedis()
  const links = [await openLink(redis.url), await openLink(redis.url)] as const
  const [one, two] = links.map((link) => createRedisLeases(link, { timeToLive: TIME_TO_LIVE }))
  if (!one || !two) throw new Error('There are two nodes')
  const heldAtTwo = async (...userIds: string[]) => [...(await two.held(userIds))].join()
  return { redis, links, one, two, heldAtTwo }
}

test('A lease is seen at every node until it is released, and each node has its own', async () => {
  const { one, two, heldAtTwo } = await twoNodes()
  const many = Array.from({ length: 1_100 }, (_, number) => `user ${number}`)

  await one.renew('one', many)
  await two.renew('two', ['user 3'])
  expect(await two.held([...many, 'jerry'])).toEqual(new Set(many))
  await one.release('one', 'user 3')
  await one.release('one', 'user 4')
  expect(await heldAtTwo('user 3', 'user 4', 'user 5')).toBe('user 3,user 5')
})

test('The leases of a killed node run out, whatever other nodes renew, and leave nothing in Redis', async () => {
  const { links, one, two, heldAtTwo } = await twoNodes()
  await one.renew('killed', ['tom', 'jerry'])
  expect(await heldAtTwo('tom', 'jerry')).toBe('tom,jerry')

  await poll(async () => {
    await two.renew('two', ['jerry'])
    return heldAtTwo('tom', 'jerry')
  }, 'jerry')
  // Where it ran out after the last renewal, the next one clears it away.
  await two.renew('two', ['jerry'])
  expect(await links[0].run((redis) => redis.zcard('test:lease:jerry'))).toBe(1)
  await poll(async () => (await links[0].run((redis) => redis.keys('*')))?.length, 0)
})

test('Without Redis nobody is known to be elsewhere, and with it the next renewal makes up for that', async () => {
  const { redis, links, one, heldAtTwo } = await twoNodes()
  await one.renew('one', ['tom'])
  await redis.kill()

  expect(await heldAtTwo('tom')).toBe('')
  await one.renew('one', ['tom'])
  await one.release('one', 'jerry')
  await redis.restart()
  await poll(async () => links.every(({ isUp }) => isUp), true)

  expect(await heldAtTwo('tom')).toBe('')
  await one.renew('one', ['tom'])
  expect(await heldAtTwo('tom')).toBe('tom')
})

test('A Redis that is up and doesn’t answer in time is no proof that somebody is gone', async () => {
  const redis = await startRedis()
  const link = await openLink(redis.url, { heartbeat: 60_000, commandTimeout: 50 })
  const leases = createRedisLeases(link)
  await redis.freeze()

  await expect(leases.renew('one', ['tom'])).rejects.toThrow('not answered')
  await expect(leases.held(['tom'])).rejects.toThrow('not answered')
  await redis.thaw()
})
