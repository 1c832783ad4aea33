import { expect } from 'vitest'
import type { Load } from '../chaos/load.ts'
import { type MortalServer, startMortalServer } from '../chaos/mortal-server.ts'
import { poll } from '../support/patience.ts'
import { newPostgresDatabase } from '../support/postgres-database.ts'
import { isSoak } from '../support/soak.ts'

/** Who is there while something goes wrong. */
export const CROWD = isSoak ? { senders: 20, listeners: 20 } : { senders: 6, listeners: 6, pause: 40 }

/** Two nodes, each a process of its own, on one database. */
export interface Installation {
  readonly nodes: readonly [MortalServer, MortalServer]
  /** Where they take operations, over HTTP. */
  readonly urls: readonly [string, string]
  /** Resolves when both answer /ready so: what is said there beside `ready`, null for nothing; undefined for not being it. */
  say(notice: string | null | undefined): Promise<void>
}

export const NO_REDIS = 'without Redis: changes take longer from node to node'
export const REDIS_DOWN = 'Redis is down: changes take longer from node to node'

/**
 * @param databaseUrl an empty database of their own where left out
 * @param redisUrls where each finds Redis; left out for none
 */
export async function startInstallation({
  databaseUrl,
  redisUrls,
}: {
  databaseUrl?: string
  redisUrls?: readonly [string, string]
}): Promise<Installation> {
  const database = databaseUrl ?? (await newPostgresDatabase())
  const startNode = (redisUrl = '') => startMortalServer({ settings: { DATABASE_URL: database, REDIS_URL: redisUrl } })
  const [one, two] = await Promise.all([startNode(redisUrls?.[0]), startNode(redisUrls?.[1])])
  return {
    nodes: [one, two],
    urls: [one.url, two.url],
    async say(notice) {
      await Promise.all([one, two].map((node) => poll(() => noticeOf(node), notice)))
    },
  }
}

/** What a node says in /ready beside that it is; undefined where it isn't. */
export async function noticeOf({ url }: Pick<MortalServer, 'url'>): Promise<string | null | undefined> {
  const response = await fetch(new URL('/ready', url), { headers: { connection: 'close' } }).catch(() => null)
  const [, notice] = /^ready(?:; (.*))?\n$/.exec((await response?.text()) ?? 'away') ?? [null, undefined]
  return response?.ok ? (notice ?? null) : undefined
}

/** Ends a node in its orderly way. @returns all that it has logged in this life */
export async function endNode({ process }: MortalServer): Promise<string> {
  process.kill('SIGTERM')
  const { code, stdout, stderr } = await process.exited
  if (code !== 0 || stderr) throw new Error(`A node ended with ${code}: ${stderr}`)
  return stdout
}

/** Nothing was lost or told twice, and nobody had to ask again or to come back. */
export async function expectUndisturbed(load: Load): Promise<void> {
  expect(await load.finish()).toEqual([])
  expect(load.refusals).toEqual([])
  expect(load.closings).toEqual([])
}
