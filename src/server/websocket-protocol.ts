import { createSourceEventStream, execute as executeEvent, GraphQLError } from 'graphql'
import { makeServer } from 'graphql-ws'
import type { Logger } from 'pino'
import type { Context, Services } from '../graphql/context.ts'
import { withoutHttp } from '../graphql/error-codes.ts'
import type { PersistedOperations } from '../graphql/persisted-operations.ts'
import type { Limits } from '../limits.ts'
import { currentScope } from '../request-scope.ts'
import type { Connections } from './connections.ts'
import { type GraphQLServer, reportErrors } from './graphql-server.ts'
import { LiveStream } from './live-stream.ts'
import type { Asked, OperationReports } from './operation-reports.ts'
import type { SharedExecution } from './shared-execution.ts'
import type { SocketExtra } from './socket-extra.ts'
import { createSocketOperations, type OperationRoot } from './socket-operations.ts'
import { welcome } from './websocket-connect.ts'

const SUBSCRIBER_EXISTS = 4409
const LONGEST_ID = 64 // characters of the client's name for an operation that a request's id ends with

export type WebSocketProtocol = ReturnType<typeof createWebSocketProtocol>

/**
 * graphql-transport-ws, its operations parsed, validated and executed by the same GraphQL server as those
 * over HTTP.
 *
 * The protocol acknowledges no subscription. Here an operation begins when the subscriptions sent before
 * it on its socket have been taken up, so that its answer tells the client that they listen.
 */
export function createWebSocketProtocol(deps: {
  graphql: GraphQLServer
  services: Services
  connections: Connections
  /** Null where each subscription is executed by itself. */
  shared: SharedExecution | null
  /** Null where any operation may run. */
  persisted: PersistedOperations | null
  /** Whether errors tell clients what they may have meant. */
  introspection: boolean
  reports: OperationReports
  limits: Limits
  logger: Logger
}) {
  const { graphql, services, connections, shared, persisted, introspection, reports, limits, logger } = deps
  const enveloped = graphql.getEnveloped({})
  const { execute } = enveloped
  const operations = createSocketOperations({ enveloped, services, shared, persisted, introspection, limits })

  return makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: limits.connectionInitTimeout,

    async onConnect(introduced: { extra: SocketExtra; connectionParams?: Record<string, unknown> | undefined }) {
      const { extra, connectionParams } = introduced
      const { request } = extra
      const welcomed =
        request && (await welcome({ services, connections, reports }, { ...extra, request }, connectionParams))
      if (!welcomed) return false
      extra.live = welcomed.live
      // They would stay in memory for as long as the socket lives, the token with them.
      extra.request = null
      introduced.connectionParams = undefined
      return welcomed.ack
    },

    async onSubscribe({ extra }, id, payload) {
      const asked: Asked = { transport: 'websocket', since: performance.now(), viewer: extra.live?.viewer ?? null }
      const scope = currentScope()
      if (scope) scope.requestId = `${extra.connectionId}/${id.slice(0, LONGEST_ID)}`
      if (!extra.busy.has(id)) {
        const prepared = await operations.prepare(extra, id, payload, asked)
        if ('length' in prepared) reports.ended(asked, prepared)
        return prepared
      }
      // graphql-ws would take its end for that of the new one.
      const error = `Subscriber for ${id} already exists`
      extra.close(SUBSCRIBER_EXISTS, error)
      return [new GraphQLError(error)]
    },

    onComplete: ({ extra }, id) => void setImmediate(() => extra.busy.delete(id)),

    async execute({ rootValue, ...args }) {
      const { ended, asked } = rootValue as OperationRoot
      try {
        const result = await execute(args)
        reports.ended(asked, result.errors)
        return result.errors ? { ...result, errors: result.errors.map(withoutHttp) } : result
      } finally {
        ended()
      }
    },

    async subscribe({ rootValue, ...args }) {
      const { started, ended, asked } = rootValue as OperationRoot
      try {
        const events = await createSourceEventStream(args)
        const report = (errors: readonly unknown[]) => reportErrors(logger, errors)
        if ('errors' in events) {
          ended()
          const errors = report(events.errors ?? [])
          reports.ended(asked, errors)
          return { errors }
        }
        const stream = new LiveStream({
          source: (events as AsyncIterable<unknown>)[Symbol.asyncIterator](),
          // Not the server's, which would subscribe once more.
          execute: (event) => executeEvent({ ...args, rootValue: event }),
          context: args.contextValue as Context,
          report,
        })
        stream.onEnd(ended)
        stream.onEnd(reports.subscribed(asked))
        return stream
      } catch (error) {
        ended()
        throw error
      } finally {
        started()
      }
    },
  })
}
