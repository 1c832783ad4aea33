import { join } from 'node:path'
import type { Logger } from 'pino'
import { createAdminService } from './admin/admin-service.ts'
import { type ControlSocket, controlSocketPath, openControlSocket } from './admin/control-socket.ts'
import { loadJwtSecret } from './auth/jwt-secret.ts'
import type { Config } from './config.ts'
import { type Database, openDatabase, sqlitePath } from './database/database.ts'
import { seedUsers } from './database/seed-users.ts'
import { requireWholeDatabase } from './database/unfinished-import.ts'
import type { Services } from './graphql/context.ts'
import { loadPersistedOperations } from './graphql/persisted-operations.ts'
import { nameRestoredLog } from './log/log-name.ts'
import { openLog } from './logger.ts'
import { mediaFolderOf } from './media/media-folder.ts'
import { createMediaService } from './media/media-service.ts'
import { openLiveLog } from './open-live-log.ts'
import { openServices } from './open-services.ts'
import type { RedisLink } from './realtime/redis-link.ts'
import { createChatServer } from './server/chat-server.ts'
import { noObserver } from './server/observer.ts'
import { loadWebClient } from './server/web-client.ts'

const WEB_CLIENT = join(import.meta.dirname, '../web/dist')

export interface App {
  /** Listens, on a free port where the setting is 0. @throws StartError where the address can't be had */
  start(): Promise<{ url: string }>
  /** Refuses new work, finishes what runs, asks clients to come back later, and closes everything. */
  stop(): Promise<void>
  readonly services: Services
  /** What live clients hold here now: nothing when they are gone. */
  census(): { connections: number; rooms: number; busChannels: number }
}

/** What a node is given instead of opening it; it closes them all the same. */
export interface GivenParts {
  database?: Database
  /** Null for a node among others without Redis. */
  link?: RedisLink | null
}

/**
 * Everything, wired together: the database, the live log on it, the services on both, and the server on top of them.
 * @throws StartError where the database, the secret or the folder of uploads can't be opened
 */
export async function createApp(config: Config, givenLogger?: Logger, given: GivenParts = {}): Promise<App> {
  const { limits, metricsReaders, persistedOperations: list } = config
  const persisted = list ? await loadPersistedOperations(list) : null
  const log = givenLogger ? { logger: givenLogger, close() {} } : openLog(config.logLevel, config.logFile)
  const { logger } = log
  // Who reads none doesn't wait for them to be loaded.
  const metrics = metricsReaders && (await import('./metrics/metrics.ts')).createMetrics()

  const database = given.database ?? (await openDatabase(config.databaseUrl, config.databaseConnections))
  await requireWholeDatabase(database)
  await nameRestoredLog(database)
  const jwtSecret = await loadJwtSecret(config, database)
  const mediaFolder = mediaFolderOf(config)
  const media = await createMediaService({
    database,
    folder: mediaFolder ?? config.mediaCache ?? 'data/media',
    isInDatabase: mediaFolder === null,
    limits,
  })

  const live = await openLiveLog({ config, database, link: given.link, metrics, logger })
  const { nodes, rooms, writer } = live
  const opened = await openServices({ config, database, jwtSecret, media, live, logger })
  const { services, passwords } = opened
  metrics?.countSignIns(services)
  if (config.seedUsers) await seedUsers({ database, passwords })

  let ready = false
  const isReady = async () => ready && (await database.isWritable())
  const observer = metrics?.server ?? noObserver
  const web = await loadWebClient(WEB_CLIENT)
  const server = createChatServer({ config, services, nodes, persisted, web, metrics, observer, isReady, logger })
  const { connections, webSockets } = server
  let control: ControlSocket | null = null
  const { subscribers } = services.messageFeed
  metrics?.watch({ webSockets, connections, rooms, subscribers, writer, nodes, database, passwords, isReady })

  return {
    services,
    census: () => ({ connections: connections.size, rooms: rooms.size, busChannels: nodes.bus.size }),

    async start() {
      const url = await server.listen()
      if (database.provider === 'sqlite') {
        const path = controlSocketPath(sqlitePath(config.databaseUrl))
        control = await openControlSocket(path, createAdminService(services), logger)
      }
      ready = true
      media.startSweeping((error) => logger.error({ err: error }, 'Unused uploads were not deleted'))
      if (!web) logger.warn('The web client is not built: npm run build builds it. The API is served without it.')
      logger.info(`ChatServer listens on ${url}/graphql`)
      return { url }
    },

    async stop() {
      ready = false
      await control?.close()
      await server.close()
      await opened.close()
      await live.close()
      await database.close()
      log.close()
    },
  }
}
