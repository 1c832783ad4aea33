import { expect, test } from 'vitest'
import { startLoad } from '../chaos/load.ts'
import { needs } from '../support/needs.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { seededRandom } from '../support/random.ts'
import { startRedis } from '../support/redis-server.ts'
import { report } from '../support/report.ts'
import { isSoak } from '../support/soak.ts'
import { CROWD, endNode, startInstallation } from './installation.ts'

const ROUNDS = isSoak ? 10 : 1

const timeout = 120_000 + ROUNDS * 30_000

const ENDINGS: { name: string; edits: boolean; end: (postgres: PostgresServer) => Promise<void> }[] = [
  { name: 'stopped', edits: false, end: (postgres) => postgres.stop() },
  { name: 'killed', edits: false, end: (postgres) => postgres.kill() },
  { name: 'stopped while messages are changed', edits: true, end: (postgres) => postgres.stop() },
]

needs('redis', 'postgres')('PostgreSQL', () => {
  test.for(ENDINGS)(
    '$name under load and started again, has all that was acknowledged',
    {
      timeout,
    },
    async ({ end, edits }, context) => {
      const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
      // Both find it empty, and one migrates it.
      const redisUrls = [redis.url, redis.url] as const
      const { urls, nodes, say } = await startInstallation({ databaseUrl: postgres.url, redisUrls })
      const load = await startLoad({ urls, random: seededRandom(), edits, ...CROWD })
      await load.listening()
      for (let round = 0; round < ROUNDS; round++) {
        await load.progress(5 * CROWD.senders)
        await end(postgres)
        await say(undefined)
        await postgres.restart()
        await load.listening()
        await say(null)
      }
      await load.progress(CROWD.senders)

      expect(await load.finish()).toEqual([])
      expect(load.closings).toEqual([])
      // Where the connection broke in the commit itself, nobody knows, and the sender asks again.
      for (const { code } of load.refusals) expect(code).toBe('INTERNAL_SERVER_ERROR')
      report(context, { ...CROWD, ...load.figures() })
      for (const node of nodes) await endNode(node)
    },
  )
})
