import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { createActivityFeed } from './activity/activity-feed.ts'
import { createDeliveredMarks } from './activity/delivered-marks.ts'
import { createReadMarks } from './activity/read-marks.ts'
import { createTyping } from './activity/typing.ts'
import { createAdminService } from './admin/admin-service.ts'
import { type ControlSocket, controlSocketPath, openControlSocket } from './admin/control-socket.ts'
import { loadJwtSecret } from './auth/jwt-secret.ts'
import { createPasswords } from './auth/passwords.ts'
import { createSessionService } from './auth/session-service.ts'
import { createBlockService } from './block/block-service.ts'
import type { Config } from './config.ts'
import { createConversationService } from './conversation/conversation-service.ts'
import { createMuteService } from './conversation/mute-service.ts'
import { type Database, openDatabase, sqlitePath } from './database/database.ts'
import { seedUsers } from './database/seed-users.ts'
import { requireWholeDatabase } from './database/unfinished-import.ts'
import { StartError } from './errors.ts'
import type { Services } from './graphql/context.ts'
import { loadPersistedOperations } from './graphql/persisted-operations.ts'
import { schema } from './graphql/schema.ts'
import { createBanService } from './group/ban-service.ts'
import { createGroupService } from './group/group-service.ts'
import { createCursorCodec } from './log/cursor.ts'
import { nameRestoredLog } from './log/log-name.ts'
import { createLogReader } from './log/reader.ts'
import { createWriter } from './log/writer.ts'
import { openLog } from './logger.ts'
import { mediaFolderOf } from './media/media-folder.ts'
import { createMediaService } from './media/media-service.ts'
import { createMentionLoaders } from './mention/mention-loaders.ts'
import { createMessageFeed } from './message/message-feed.ts'
import { createMessageLoaders } from './message/message-loaders.ts'
import { createMessageService } from './message/message-service.ts'
import { createPresence } from './presence/presence.ts'
import { createPresenceFeed } from './presence/presence-feed.ts'
import { createMemoryLeases } from './presence/presence-leases.ts'
import { createRedisLeases } from './presence/redis-leases.ts'
import { createCounts } from './rates/counts.ts'
import { createLoginGuard } from './rates/login-guard.ts'
import { createRates } from './rates/rates.ts'
import { createReactionLoaders } from './reaction/reaction-loaders.ts'
import { createReactionService } from './reaction/reaction-service.ts'
import { openBus } from './realtime/open-bus.ts'
import type { RedisLink } from './realtime/redis-link.ts'
import { createRooms } from './realtime/rooms.ts'
import { createSearchService } from './search/search-service.ts'
import { createClientAddresses } from './server/client-address.ts'
import { createConnections } from './server/connections.ts'
import { createGraphiQL } from './server/graphiql.ts'
import { createGraphQLServer, GRAPHQL_PATH } from './server/graphql-server.ts'
import { createHttpServer } from './server/http-server.ts'
import { createMediaEndpoint } from './server/media-endpoint.ts'
import { createMetricsEndpoint } from './server/metrics-endpoint.ts'
import { noObserver } from './server/observer.ts'
import { createOperationReports } from './server/operation-reports.ts'
import { createOrigins } from './server/origins.ts'
import { securityHeaders } from './server/security-headers.ts'
import { watchSessions } from './server/session-watch.ts'
import { createSharedExecution } from './server/shared-execution.ts'
import { loadWebClient } from './server/web-client.ts'
import { createWebSocketProtocol } from './server/websocket-protocol.ts'
import { attachWebSockets } from './server/websocket-server.ts'
import { createUserService } from './user/user-service.ts'

const WEB_CLIENT = join(import.meta.dirname, '../web/dist')
const LAST_ANSWERS = 2_000 // ms that requests under way have when the server stops

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
 * Everything, wired together: the parts from the bottom up, then the server on top of them.
 * @throws StartError where the database or the secret can't be opened
 */
export async function createApp(config: Config, givenLogger?: Logger, given: GivenParts = {}): Promise<App> {
  const { limits, metricsReaders, persistedOperations: list } = config
  const persisted = list ? await loadPersistedOperations(list) : null
  const log = givenLogger ? { logger: givenLogger, close() {} } : openLog(config.logLevel, config.logFile)
  const { logger } = log
  // Who reads none doesn't wait for them to be loaded.
  const metrics = metricsReaders && (await import('./metrics/metrics.ts')).createMetrics()
  const observer = metrics?.server ?? noObserver
  const reports = createOperationReports({ observer, logger })
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

  const reader = createLogReader(database)
  const cursors = createCursorCodec(await reader.epoch())
  const userIds = (conversationId: string) => rooms.userIds(conversationId)
  const nodes = await openBus({
    config,
    link: given.link,
    database,
    reader,
    userIds,
    onCaughtUp: metrics?.cluster.caughtUp,
    logger,
  })
  const { bus } = nodes
  const deliveredMarks = createDeliveredMarks({ database, bus, logger })
  const rooms = createRooms(bus, deliveredMarks)
  const writer = createWriter(database, nodes.publish, metrics?.log)

  const sharedCounts = nodes.link && (await import('./rates/redis-counts.ts')).createRedisCounts(nodes.link)
  const rates = createRates(config.rates, sharedCounts)
  const loginGuard = createLoginGuard(config.rates, () => createCounts(sharedCounts))
  const passwords = createPasswords({ cost: config.passwordCost })
  const sessions = await createSessionService({
    database,
    bus,
    passwords,
    jwtSecret,
    loginGuard,
    isAlone: !nodes.isCluster,
  })
  const users = createUserService({ database, writer, passwords, sessions, loginGuard })
  const conversations = createConversationService({ database })
  const typing = createTyping({ database, bus, conversations, limits })
  const presence = createPresence({
    leases: nodes.link ? createRedisLeases(nodes.link, { timeToLive: config.presenceLease }) : createMemoryLeases(),
    bus,
    grace: config.presenceGrace,
    onDisconnected: typing.disconnected,
    markSeen: users.markSeen,
    onFault: (error) => logger.error({ err: error }, 'Who has come or gone was not noted'),
  })
  const services: Services = {
    database,
    reader,
    cursors,
    rates,
    loginGuard,
    presence,
    presenceFeed: createPresenceFeed({ database, presence, bus }),
    sessions,
    users,
    blocks: createBlockService({ database, writer, bus }),
    mutes: createMuteService(database),
    conversations,
    groups: createGroupService({ writer }),
    bans: createBanService({ database, writer }),
    media,
    messages: createMessageService({ database, reader, writer, rates }),
    messageLoaders: createMessageLoaders(database, reader),
    messageFeed: createMessageFeed({ database, reader, cursors, bus, rooms, deliveredMarks, limits }),
    activityFeed: createActivityFeed({ database, bus, conversations }),
    readMarks: createReadMarks({ database, bus }),
    typing,
    search: createSearchService({ database, reader, conversations }),
    reactions: createReactionService({ writer }),
    reactionLoaders: createReactionLoaders(database),
    mentionLoaders: createMentionLoaders(database),
  }
  metrics?.countSignIns(services)
  if (config.seedUsers) await seedUsers({ database, passwords })

  let ready = false
  const connections = createConnections({ bus, presence, limits })
  const sessionWatch = nodes.isCluster ? watchSessions({ connections, sessions, logger }) : null
  nodes.onReunion(() => {
    sessionWatch?.look()
    presence.reunite()
  })
  const { publicUrl, introspection } = config
  const addresses = createClientAddresses(config.trustedProxies)
  const origins = createOrigins({ others: config.corsOrigins, publicUrl, addresses })
  const shared = config.sharedExecution ? createSharedExecution(schema, services) : null
  const web = await loadWebClient(WEB_CLIENT)
  const isReady = async () => ready && (await database.isWritable())
  /** What the ways in have in common. */
  const common = { connections, addresses, origins, introspection, persisted, reports, observer, rates, limits, logger }
  const graphql = createGraphQLServer({ ...common, services })
  const server = createHttpServer({
    ...common,
    graphql,
    graphiql: config.graphiql ? createGraphiQL(GRAPHQL_PATH) : null,
    media: createMediaEndpoint({ ...common, media, sessions, publicUrl }),
    metrics: metrics && metricsReaders && createMetricsEndpoint(metrics, metricsReaders),
    web,
    headers: securityHeaders(publicUrl),
    isReady,
    notice: nodes.notice,
  })
  const protocol = createWebSocketProtocol({ ...common, graphql, services, shared })
  const webSockets = attachWebSockets({ ...common, server, protocol })
  let control: ControlSocket | null = null
  const { subscribers } = services.messageFeed
  metrics?.watch({ webSockets, connections, rooms, subscribers, writer, nodes, database, passwords, isReady })

  return {
    services,
    census: () => ({ connections: connections.size, rooms: rooms.size, busChannels: bus.size }),

    async start() {
      server.listen(config.port, config.host)
      await once(server, 'listening').catch((error) => {
        throw new StartError(
          `Can't listen on ${config.host}:${config.port} (${error.message}): set another PORT or HOST.`,
        )
      })
      if (database.provider === 'sqlite') {
        const path = controlSocketPath(sqlitePath(config.databaseUrl))
        control = await openControlSocket(path, createAdminService(services), logger)
      }
      ready = true
      media.startSweeping((error) => logger.error({ err: error }, 'Unused uploads were not deleted'))
      const { address, family, port } = server.address() as AddressInfo
      const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
      if (!web) logger.warn('The web client is not built: npm run build builds it. The API is served without it.')
      logger.info(`ChatServer listens on ${url}/graphql`)
      return { url }
    },

    async stop() {
      ready = false
      await control?.close()
      await webSockets.drain()
      sessionWatch?.close()
      connections.close()
      await closeServer(server)
      await presence.close()
      await media.close()
      sessions.close()
      await passwords.close()
      typing.close()
      await deliveredMarks.close()
      await nodes.close()
      await database.close()
      log.close()
    },
  }
}

/** Waits for the requests under way, but not forever. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  const timer = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS)
  await closed
  clearTimeout(timer)
}
