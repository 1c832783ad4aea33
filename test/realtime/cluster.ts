import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { openRedisLink, type RedisLink, type RedisLinkOptions } from '../../src/realtime/redis-link.ts'
import { newDatabase, startServer, type TestServer } from '../support/testkit.ts'

export interface Node extends TestServer {
  link: RedisLink | null
}

/** Quick to notice what Redis does, for tests. */
const QUICK = { heartbeat: 200, connectTimeout: 1_000, longestPause: 200, logger: pino({ level: 'silent' }) }

export async function openLink(url: string, options: Partial<RedisLinkOptions> = {}): Promise<RedisLink> {
  const link = await openRedisLink({ url, prefix: 'test:', ...QUICK, ...options })
  onTestFinished(() => link.close())
  return link
}

/** What becomes of what is published on a channel; null loses it. */
export type Change = (channel: string, payload: string) => string | null

function changing(link: RedisLink, change: Change): RedisLink {
  return {
    ...link,
    get isUp() {
      return link.isUp
    },
    publish(channel, payload) {
      const changed = change(channel, payload)
      if (changed !== null) link.publish(channel, changed)
    },
  }
}

/**
 * Servers in this process, over one database: two, or as many as are asked for.
 * @param redisUrl left out for servers without Redis
 */
export async function startNodes(
  count: number,
  redisUrl?: string,
  change: Change = (_, payload) => payload,
): Promise<[Node, Node]> {
  const databaseUrl = await newDatabase()
  const database = await openDatabase(databaseUrl)
  onTestFinished(() => database.close())
  const shared: Database = { ...database, async close() {} }
  const nodes: Node[] = []
  for (let number = 0; number < count; number++) {
    const link = redisUrl ? changing(await openLink(redisUrl), change) : null
    nodes.push({ ...(await startServer({ databaseUrl }, undefined, { database: shared, link })), link })
  }
  return nodes as [Node, Node]
}

/** Tom at the one, Jerry at the other. */
export async function tomAndJerry([one, two]: readonly [Node, Node]) {
  const tom = await one.register('tom')
  const { accessToken, id } = await one.register('jerry')
  return { tom, jerry: { ...two.withToken(accessToken), id, accessToken } }
}
