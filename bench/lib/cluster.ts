import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import pg from 'pg'
import { startPostgres } from '../../test/support/postgres-server.ts'
import { startRedis } from '../../test/support/redis-server.ts'
import type { AtEnd } from '../../test/support/server-program.ts'
import { createClusterWorld } from './cluster-world.ts'
import { driveGraphQL, type FanOutServer } from './fan-out-servers.ts'
import { type Bench, startOurs } from './suite.ts'
import { createMeter, type Meter } from './usage.ts'
import type { Residents } from './world.ts'

/** PostgreSQL and Redis, each with all that it needs. */
export interface Backing {
  /** @returns its URL */
  createDatabase(name: string): Promise<string>
  readonly redisUrl: string
  /** Of these processes, with those of the backing. */
  meter(nodes: number[]): Meter
}

/** Equal nodes on a database of their own. */
export interface Cluster {
  readonly size: number
  readonly urls: string[]
  readonly nodes: FanOutServer[]
  readonly world: Residents
  readonly meter: Meter
}

export async function startBacking(atEnd: AtEnd): Promise<Backing> {
  const postgres = await startPostgres({ atEnd })
  const redis = await startRedis({ atEnd })
  const client = new Redis(redis.url)
  client.on('error', () => {}) // its commands fail by themselves
  atEnd(async () => client.disconnect())
  const postgresPid = Number(readFileSync(join(postgres.folder, 'data/postmaster.pid'), 'utf8').split('\n')[0])
  return {
    async createDatabase(name) {
      const admin = new pg.Client(postgres.url)
      await admin.connect()
      await admin.query(`CREATE DATABASE ${name}`)
      await admin.end()
      return postgres.urlOf(name)
    },
    redisUrl: redis.url,
    meter: (nodes) => createMeter({ nodes, postgres: postgresPid, redis: client }),
  }
}

/** @param users in its database */
export async function startCluster(
  bench: Bench,
  { backing, size, users, atEnd }: { backing: Backing; size: number; users: number; atEnd: AtEnd },
): Promise<Cluster> {
  const world = await createClusterWorld(await backing.createDatabase(`cluster${size}`), users)
  const residents = { ...world, env: { ...world.env, REDIS_URL: backing.redisUrl } }
  const processes = Array.from({ length: size }, () => startOurs(bench, residents))
  for (const { stop } of processes) atEnd(stop)
  return {
    size,
    world,
    urls: await Promise.all(processes.map(({ url }) => url)),
    nodes: await Promise.all(processes.map((node) => driveGraphQL(node, world, true))),
    meter: backing.meter(processes.map(({ pid }) => pid)),
  }
}

/** Its nodes as if they were one server, which sends through the first. @param nodeOf where a user listens */
export function asOne(
  { nodes, size }: Cluster,
  nodeOf: (user: number) => number,
): Pick<FanOutServer, 'subscribe' | 'send'> {
  const node = (index: number) => nodes[index % size] as FanOutServer
  return {
    subscribe: (user, feeds) => node(nodeOf(user)).subscribe(user, feeds),
    send: (group, content) => node(0).send(group, content),
  }
}
