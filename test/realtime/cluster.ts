import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { openRedisLink, type RedisLink, type RedisLinkOptions } from '../../src/realtime/redis-link.ts'
import { newDatabase, startServer, type TestServer, type TestSettings } from '../support/testkit.ts'

export interface Node extends TestServer {
  link: RedisLink | null
}

/** Quick to notice what Redis does, for tests. */
export const QUICK = { heartbeat: 50, connectTimeout: 300, longestPause: 200, logger: pino({ level: 'silent' }) }

export async function openLink(url: string, options: Partial<RedisLinkOptions> = {}): Promise<RedisLink> {
  const link = await openRedisLink({ url, prefix: 'test:', ...QUICK, ...options })
  onTestFinished(() => link.close())
  return link
}

/**
 * Several servers in this process, over one database.
 * @param redisUrl left out for servers without Redis
 */
export async function startNodes(count: number, redisUrl?: string, settings: TestSettings = {}): Promise<Node[]> {
  const databaseUrl = await newDatabase()
  const database = await openDatabase(databaseUrl)
  onTestFinished(() => database.close())
  const shared: Database = { ...database, async close() {} }
  const nodes: Node[] = []
  for (let number = 0; number < count; number++) {
    const link = redisUrl ? await openLink(redisUrl) : null
    nodes.push({ ...(await startServer({ ...settings, databaseUrl }, undefined, { database: shared, link })), link })
  }
  return nodes
}
