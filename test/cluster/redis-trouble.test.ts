import { setTimeout as delay } from 'node:timers/promises'
import { expect, type TestContext, test } from 'vitest'
import { type Load, startLoad } from '../chaos/load.ts'
import { needs } from '../support/needs.ts'
import { seededRandom } from '../support/random.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { report } from '../support/report.ts'
import { isSoak } from '../support/soak.ts'
import { CROWD, endNode, expectUndisturbed, REDIS_DOWN, startInstallation } from './installation.ts'

const ROUNDS = isSoak ? 10 : 1
const FREEZE = 10_000 // ms

const timeout = 90_000 + ROUNDS * 30_000

needs('redis', 'postgres')('Redis', () => {
  test('killed and started again under load, takes nothing with it', { timeout }, async (context) => {
    await sitOut(context, {
      async trouble(redis) {
        await redis.kill()
      },
      end: (redis) => redis.restart(),
    })
  })

  test('frozen under load, holds up nobody', { timeout }, async (context) => {
    await sitOut(context, {
      async trouble(redis, load) {
        await redis.freeze()
        await Promise.all([delay(FREEZE), load.listening()])
      },
      end: async (redis) => redis.thaw(),
    })
  })
})

interface Trouble {
  trouble(redis: RedisServer, load: Load): Promise<void>
  end(redis: RedisServer): Promise<void>
}

async function sitOut(context: TestContext, { trouble, end }: Trouble) {
  const redis = await startRedis()
  const installation = await startInstallation({ redisUrls: [redis.url, redis.url] })
  const { urls, nodes } = installation
  const load = await startLoad({ urls, random: seededRandom(), ...CROWD })
  await load.listening()
  for (let round = 0; round < ROUNDS; round++) {
    await load.progress(CROWD.senders)
    await trouble(redis, load)
    await installation.say(REDIS_DOWN)
    await load.listening()
    await load.progress(CROWD.senders)
    await end(redis)
    await installation.say(null)
    await load.listening()
  }
  await expectUndisturbed(load)
  report(context, { ...CROWD, ...load.figures() })
  for (const node of nodes) {
    const log = await endNode(node)
    expect(log).toContain('Redis is down')
    expect(log).toContain('Redis is up')
  }
}
