import type { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { RedisLink } from '../realtime/redis-link.ts'
import type { SharedCounts } from './counts.ts'

/** The counts of nodes that share a Redis, which forgets them by itself. */
export function createRedisCounts(link: RedisLink): SharedCounts {
  // A link that was down has another client.
  const limiters = new WeakMap<Redis, RateLimiterRedis>()

  function run<T>(work: (limiter: RateLimiterRedis) => Promise<T>): Promise<T | null> {
    return link.run((redis) => {
      let limiter = limiters.get(redis)
      if (!limiter) {
        // What is too many is decided by who counts: there are no points here that could be used up.
        const points = Number.MAX_SAFE_INTEGER
        limiter = new RateLimiterRedis({ storeClient: redis, keyPrefix: `${link.prefix}rate`, points, duration: 1 })
        limiters.set(redis, limiter)
      }
      return work(limiter)
    })
  }

  return {
    add: (key, points, duration) =>
      run(async (limiter) => {
        const counted = await limiter.penalty(key, points, { customDuration: duration / 1_000 })
        return { total: counted.consumedPoints, left: counted.msBeforeNext }
      }),
    find: (key) =>
      run(async (limiter) => {
        const found = await limiter.get(key)
        return { count: found && { total: found.consumedPoints, left: found.msBeforeNext } }
      }),
    remove: (key) => run((limiter) => limiter.delete(key)),
  }
}
