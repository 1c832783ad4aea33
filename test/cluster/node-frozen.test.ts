import { expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/database/database.ts'
import type { SqlConnection } from '../../src/database/sql-connection.ts'
import { takePositions } from '../../src/log/append-messages.ts'
import { startLoad } from '../chaos/load.ts'
import { needs } from '../support/needs.ts'
import { newPostgresDatabase } from '../support/postgres-database.ts'
import { seededRandom } from '../support/random.ts'
import { startRedis } from '../support/redis-server.ts'
import { isSoak } from '../support/soak.ts'
import { CROWD, startInstallation } from './installation.ts'

const FREEZES = isSoak ? 10 : 1

const timeout = 90_000 + FREEZES * 30_000

const WAYS: [string, <T>(database: Database, work: (sql: SqlConnection) => Promise<T>) => Promise<T>][] = [
  ['by SQL', ({ writeSql }, work) => writeSql(work)],
  ['with Prisma', ({ write }, work) => write((_tx, sql) => work(sql))],
]

needs('redis', 'postgres')('A node', () => {
  test.for(WAYS)(
    'that hangs in the middle of a transaction holds up the others for some seconds only, %s',
    {
      timeout,
    },
    async ([, write]) => {
      const databaseUrl = await newPostgresDatabase()
      const [hanging, other] = await Promise.all([openDatabase(databaseUrl), openDatabase(databaseUrl)])
      const taken = Promise.withResolvers<void>()
      const thawed = Promise.withResolvers<void>()
      let attempts = 0
      const late = write(hanging, async (sql) => {
        const position = await takePositions(sql, 1)
        taken.resolve()
        if (++attempts === 1) await thawed.promise
        return position
      })
      await taken.promise

      const first = await other.writeSql((sql) => takePositions(sql, 1))
      thawed.resolve()
      // What it was about to do then comes after that.
      expect(await late).toBe(first + 1n)
      expect(attempts).toBe(2)
      await Promise.all([hanging.close(), other.close()])
    },
  )

  test('frozen under load, and continued, has missed nothing', { timeout }, async () => {
    const redis = await startRedis()
    const { urls, nodes } = await startInstallation({ redisUrls: [redis.url, redis.url] })
    const load = await startLoad({ urls, random: seededRandom(), ...CROWD })
    for (let freeze = 0; freeze < FREEZES; freeze++) {
      await load.progress(5 * CROWD.senders)
      process.kill(nodes[0].process.pid ?? 0, 'SIGSTOP')
      // The others go on: at most the sends of its own clients wait.
      await load.progress(5 * CROWD.senders)
      process.kill(nodes[0].process.pid ?? 0, 'SIGCONT')
      await load.listening()
    }
    expect(await load.finish()).toEqual([])
    expect(load.refusals).toEqual([])
  })
})
