import { newPostgresDatabase } from '../support/postgres-database.ts'
import { startRedis } from '../support/redis-server.ts'
import { startServer, type TestServer, type TestSettings } from '../support/testkit.ts'

export const timeout = 60_000 // ms; the first test starts PostgreSQL

/** Two nodes in this process, on one database, which have nothing in common but that and Redis. */
export async function startTwoNodes(settings: TestSettings = {}): Promise<[TestServer, TestServer]> {
  const redisUrl = (await startRedis()).url
  return startTwoNodesOn([redisUrl, redisUrl], settings)
}

/** @param redisUrls where each finds Redis, if at all */
export async function startTwoNodesOn(
  redisUrls: readonly [string?, string?],
  settings: TestSettings = {},
): Promise<[TestServer, TestServer]> {
  const databaseUrl = await newPostgresDatabase()
  const start = (redisUrl?: string) => startServer({ ...settings, databaseUrl, redisUrl })
  return Promise.all([start(redisUrls[0]), start(redisUrls[1])])
}
