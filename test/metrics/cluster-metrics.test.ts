import { expect, test } from 'vitest'
import { startTwoNodesOn, timeout } from '../cluster/two-nodes.ts'
import { listenToInbox, sendDirect } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startRedis } from '../support/redis-server.ts'
import { readFamilies, readMetric } from './read-metrics.ts'

needs('redis', 'postgres')('a node among several', () => {
  test('tells whether Redis answers, what it missed, and what its connections to PostgreSQL do', {
    timeout,
  }, async () => {
    const redis = await startRedis()
    const [one, two] = await startTwoNodesOn([redis.url, redis.url])
    const [tom, { accessToken }] = [await one.register('tom'), await two.register('jerry')]
    const jerry = two.withToken(accessToken).listen(listenToInbox, {})
    await jerry.ready

    await poll(async () => readMetric(two, 'chatserver_redis_up'), 1)
    await poll(async () => ((await readMetric(two, 'chatserver_redis_round_trip_seconds')) ?? Number.NaN) > 0, true)
    await redis.stop()
    await poll(async () => readMetric(two, 'chatserver_redis_up'), 0)
    expect(await readMetric(two, 'chatserver_redis_round_trip_seconds')).toBeNaN()

    // Without Redis it hears from the log alone, and so later.
    const heard = (await readMetric(two, 'chatserver_bus_lag_seconds_count')) ?? 0
    await tom.request(sendDirect, { input: { to: { username: 'jerry' }, content: 'Hello' } })
    await jerry.next()
    await poll(async () => ((await readMetric(two, 'chatserver_bus_lag_seconds_count')) ?? 0) > heard, true)
    await poll(async () => readMetric(two, 'chatserver_log_tail_missing_positions'), 0)
    expect(await readMetric(two, 'chatserver_log_tail_missing_seconds')).toBe(0)

    for (const pool of ['read', 'write']) {
      expect(await readMetric(two, `chatserver_database_pool_max_connections{pool="${pool}"}`)).toBe(10)
      const idle = await readMetric(two, `chatserver_database_pool_connections{pool="${pool}",state="idle"}`)
      const busy = await readMetric(two, `chatserver_database_pool_connections{pool="${pool}",state="busy"}`)
      expect((idle ?? 0) + (busy ?? 0)).toBeGreaterThan(0)
      expect(await readMetric(two, `chatserver_database_pool_waiting_requests{pool="${pool}"}`)).toBe(0)
    }
    expect((await readFamilies(two)).has('chatserver_database_queued_writes')).toBe(false)
  })
})
