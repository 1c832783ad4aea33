import { expect, test } from 'vitest'
import { startLoad } from '../chaos/load.ts'
import { needs } from '../support/needs.ts'
import { seededRandom } from '../support/random.ts'
import { startRedis } from '../support/redis-server.ts'
import { report } from '../support/report.ts'
import { isSoak } from '../support/soak.ts'
import { CROWD, startInstallation } from './installation.ts'

const KILLS = isSoak ? 20 : 2

const timeout = 90_000 + KILLS * 15_000

needs('redis', 'postgres')('A node', () => {
  for (const edits of [false, true]) {
    const what = edits ? 'while messages are changed ' : ''
    test(`killed ${what}loses nothing: its clients go on at the other from their cursors`, {
      timeout,
    }, async (context) => {
      const redis = await startRedis()
      const { urls, nodes } = await startInstallation({ redisUrls: [redis.url, redis.url] })
      const load = await startLoad({ urls, random: seededRandom(), edits, ...CROWD })
      await load.listening()
      for (let kill = 0; kill < KILLS; kill++) {
        const node = nodes[kill % 2 === 0 ? 0 : 1]
        await load.progress(5 * CROWD.senders)
        await node.kill()
        // All are at the other one now.
        await load.listening()
        await load.progress(5 * CROWD.senders)
        await node.start().url
      }

      expect(await load.finish()).toEqual([])
      expect(load.refusals).toEqual([])
      expect(load.closings.length).toBeGreaterThan(0)
      report(context, { kills: KILLS, ...CROWD, ...load.figures() })
    })
  }
})
