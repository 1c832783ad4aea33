import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Database } from '../database/database.ts'
import type { LogEvent } from '../log/change.ts'
import type { LogReader } from '../log/reader.ts'
import type { Bus } from './bus.ts'
import { decodePayload } from './bus-codec.ts'
import { createClusterBus } from './cluster-bus.ts'
import { createLogPublisher, LOG_CHANNEL } from './log-publisher.ts'
import { LogRecovery } from './log-recovery.ts'
import { createLogTail, type LogTailOptions, type TailLag } from './log-tail.ts'
import { createMemoryBus } from './memory-bus.ts'
import type { RedisLink } from './redis-link.ts'
import { publishLogEvents } from './rooms.ts'

/** What the parts of a node, and the nodes, hear of each other by. */
export interface OpenBus {
  readonly bus: Bus & { readonly size: number }
  /** Tells all who listen, on whichever node, what a transaction has changed. */
  readonly publish: (events: readonly LogEvent[]) => void
  /** For what else nodes share; null where there is no Redis. */
  readonly link: RedisLink | null
  /** Whether other nodes may share the database. */
  readonly isCluster: boolean
  /** How far this node is behind the others' changes; null where there are none. */
  behind(): TailLag | null
  /** Why changes take longer from node to node; null where they don't. */
  notice(): string | null
  /** Calls back when nodes hear each other again: what isn't in the log may have been lost. */
  onReunion(listener: () => void): void
  /** Closes the link too. */
  close(): Promise<void>
}

export interface BusOptions extends Omit<ClusterOptions, 'link'> {
  config: { databaseUrl: string; redisUrl?: string | undefined }
  /** Instead of one to the configuration's Redis; null for nodes without. */
  link?: RedisLink | null | undefined
}

/** An SQLite database has one node. */
export async function openBus({ config, link, ...options }: BusOptions): Promise<OpenBus> {
  const { databaseUrl, redisUrl } = config
  if (link === undefined && databaseUrl.startsWith('file:')) return openSingleBus()
  return openClusterBus({ ...options, link: link === undefined ? await openLink(redisUrl, options) : link })
}

async function openLink(url: string | undefined, { reader, logger }: Pick<ClusterOptions, 'reader' | 'logger'>) {
  if (url) {
    // Loaded where it is used alone, as that takes a part of the second in which a single node starts.
    const { openRedisLink } = await import('./redis-link.ts')
    return openRedisLink({ url, prefix: `chatserver:${await reader.epoch()}:`, logger })
  }
  logger.info('No REDIS_URL: where there are several nodes, changes take longer between them')
  return null
}

function openSingleBus(): OpenBus {
  const bus = createMemoryBus()
  return {
    bus,
    publish: (events) => publishLogEvents(bus, events),
    link: null,
    isCluster: false,
    behind: () => null,
    notice: () => null,
    onReunion() {},
    close: () => bus.close(),
  }
}

export interface ClusterOptions
  extends Pick<LogTailOptions, 'patience' | 'interval' | 'lonelyInterval' | 'onCaughtUp'> {
  database: Pick<Database, 'readSql'>
  reader: Pick<LogReader, 'epoch' | 'head' | 'wholeLog'>
  /** Null where there is no Redis: what others have changed, the log tells then, and what isn't in it stays here. */
  link: RedisLink | null
  /** Who listens to a conversation's messages here. */
  userIds: (conversationId: string) => Iterable<string>
  logger: Logger
  page?: number | undefined // messages read from the log at once
}

/** The bus of a node among others that share its database. */
export async function openClusterBus(options: ClusterOptions): Promise<OpenBus> {
  const { database, reader, link, userIds, logger, onCaughtUp, patience, interval, lonelyInterval, page } = options
  const nodeId = randomUUID()
  const local = createMemoryBus()
  const bus = link ? createClusterBus({ local, link, nodeId, onPart: (...part) => tail.receive(...part) }) : null
  const tell = (events: Iterable<LogEvent>) => publishLogEvents(local, events)
  const recovery = new LogRecovery({
    log: reader.wholeLog,
    sql: database.readSql,
    userIds,
    conversationIds: () => conversationIds(local.channels()),
    tell,
    page,
  })
  const tail = createLogTail({
    start: await reader.head(),
    head: reader.head,
    read: (after) => recovery.read(after),
    tell,
    hears: (hash) => bus?.hears(hash) ?? false,
    isUp: () => link?.isUp ?? false,
    onFault: (error) => logger.error({ err: error }, 'The log can’t be read; listeners wait until it can'),
    onCaughtUp,
    patience,
    interval,
    lonelyInterval,
  })

  const announcements = link?.subscribe(LOG_CHANNEL, (text) => {
    const payload = decodePayload(text)
    if (payload?.type !== 'announcement') tail.look()
    else if (payload.node !== nodeId) tail.announced(payload.announcement)
  })
  await announcements?.ready
  // Whatever was said while it was away is lost, and while it is, the log is looked at more often.
  link?.onChange(tail.look)

  return {
    bus: bus ?? local,
    publish: createLogPublisher({ local, link, tail, nodeId }),
    link,
    isCluster: true,
    behind: tail.behind,
    notice() {
      if (link?.isUp) return null
      return `${link ? 'Redis is down' : 'without Redis'}: changes take longer from node to node`
    },
    onReunion: (listener) => link?.onChange((isUp) => isUp && listener()),
    async close() {
      announcements?.close()
      await tail.close()
      await (bus ?? local).close()
      await link?.close()
    },
  }
}

function* conversationIds(channels: Iterable<string>): Generator<string> {
  for (const channel of channels) if (channel.startsWith('conversation:')) yield channel.slice('conversation:'.length)
}
