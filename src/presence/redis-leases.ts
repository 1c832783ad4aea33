import type { ChainableCommander, Redis } from 'ioredis'
import type { RedisLink } from '../realtime/redis-link.ts'
import type { PresenceLeases } from './presence-leases.ts'

const LARGEST_STEP = 500 // users in one pipeline

/**
 * The leases of nodes that share a Redis: for each user a sorted set of nodes by the end of their lease, in Redis' own
 * time. While Redis is down nobody is known to be elsewhere; when it is back, so is who has a lease by its next renewal.
 */
export function createRedisLeases(link: RedisLink, { timeToLive = 30_000 } = {}): PresenceLeases {
  const keyOf = (userId: string) => `${link.prefix}lease:${userId}`

  async function inSteps<T>(userIds: readonly string[], work: (redis: Redis, some: readonly string[]) => Promise<T>) {
    const results: T[] = []
    let isWhole = true
    for (let from = 0; from < userIds.length && link.isUp; from += LARGEST_STEP) {
      const result = await link.run((redis) => work(redis, userIds.slice(from, from + LARGEST_STEP)))
      if (result === null) isWhole = false
      else results.push(result)
    }
    if (!isWhole && link.isUp) throw new Error('Redis has not answered in time')
    return results
  }

  return {
    timeToLive,
    async renew(nodeId, userIds) {
      await inSteps(userIds, async (redis, some) => {
        const now = await timeOf(redis)
        const pipeline = redis.pipeline()
        for (const key of some.map(keyOf)) {
          pipeline.zremrangebyscore(key, 0, now)
          pipeline.zadd(key, now + timeToLive, nodeId)
          pipeline.pexpire(key, timeToLive)
        }
        await run(pipeline)
      })
    },
    async release(nodeId, userId) {
      await link.run((redis) => redis.zrem(keyOf(userId), nodeId))
    },
    async held(userIds) {
      const found = await inSteps(userIds, async (redis, some) => {
        const now = await timeOf(redis)
        const pipeline = redis.pipeline()
        for (const key of some.map(keyOf)) pipeline.zcount(key, `(${now}`, '+inf')
        const counts = await run(pipeline)
        return some.filter((_, index) => Number(counts[index]) > 0)
      })
      return new Set(found.flat())
    },
  }
}

/** In ms. */
async function timeOf(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time()
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000)
}

async function run(pipeline: ChainableCommander): Promise<unknown[]> {
  const results = (await pipeline.exec()) ?? []
  return results.map(([error, result]) => {
    if (error) throw error
    return result
  })
}
