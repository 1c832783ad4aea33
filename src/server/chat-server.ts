import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { StartError } from '../errors.ts'
import type { Services } from '../graphql/context.ts'
import type { PersistedOperations } from '../graphql/persisted-operations.ts'
import { schema } from '../graphql/schema.ts'
import type { OpenBus } from '../realtime/open-bus.ts'
import { createClientAddresses } from './client-address.ts'
import { type Connections, createConnections } from './connections.ts'
import { createGraphiQL } from './graphiql.ts'
import { createGraphQLServer, GRAPHQL_PATH } from './graphql-server.ts'
import { createHttpServer } from './http-server.ts'
import { createMediaEndpoint } from './media-endpoint.ts'
import { createMetricsEndpoint, type ReadableMetrics } from './metrics-endpoint.ts'
import type { ServerObserver } from './observer.ts'
import { createOperationReports } from './operation-reports.ts'
import { createOrigins } from './origins.ts'
import { securityHeaders } from './security-headers.ts'
import { watchSessions } from './session-watch.ts'
import { createSharedExecution } from './shared-execution.ts'
import type { WebClient } from './web-client.ts'
import { createWebSocketProtocol } from './websocket-protocol.ts'
import { attachWebSockets, type WebSocketEndpoint } from './websocket-server.ts'

const LAST_ANSWERS = 2_000 // ms that requests under way have when the server stops

/** All ways in, on one port. */
export interface ChatServer {
  readonly connections: Connections
  readonly webSockets: WebSocketEndpoint
  /**
   * @returns the URL of its root
   * @throws StartError where the address can't be had
   */
  listen(): Promise<string>
  /** Takes nothing new, lets what runs end, and sends all clients away, to come back later. */
  close(): Promise<void>
}

export function createChatServer(deps: {
  config: Config
  services: Services
  nodes: OpenBus
  /** Null where any operation may run. */
  persisted: PersistedOperations | null
  /** Null where it has not been built. */
  web: WebClient | null
  /** Null where nobody reads them. */
  metrics: ReadableMetrics | null
  observer: ServerObserver
  /** Whether this server should be sent work: false before it has started and while it stops. */
  isReady: () => Promise<boolean>
  logger: Logger
}): ChatServer {
  const { config, services, nodes, persisted, web, metrics, observer, isReady, logger } = deps
  const { limits, publicUrl, introspection, metricsReaders } = config
  const { presence, sessions, media, rates } = services
  const connections = createConnections({ bus: nodes.bus, presence, limits })
  const sessionWatch = nodes.isCluster ? watchSessions({ connections, sessions, logger }) : null
  if (sessionWatch) nodes.onReunion(sessionWatch.look)
  const reports = createOperationReports({ observer, logger })
  const addresses = createClientAddresses(config.trustedProxies)
  const origins = createOrigins({ others: config.corsOrigins, publicUrl, addresses })
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
  const shared = config.sharedExecution ? createSharedExecution(schema, services) : null
  const protocol = createWebSocketProtocol({ ...common, graphql, services, shared })
  const webSockets = attachWebSockets({ ...common, server, protocol })

  return {
    connections,
    webSockets,

    async listen() {
      server.listen(config.port, config.host)
      await once(server, 'listening').catch((error) => {
        throw new StartError(
          `Can't listen on ${config.host}:${config.port} (${error.message}): set another PORT or HOST.`,
        )
      })
      const { address, family, port } = server.address() as AddressInfo
      return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
    },

    async close() {
      await webSockets.drain()
      sessionWatch?.close()
      connections.close()
      await closeServer(server)
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
