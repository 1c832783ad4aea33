import type { IncomingMessage } from 'node:http'
import { createSourceEventStream, type ExecutionArgs, execute as executeEvent, GraphQLError } from 'graphql'
import { makeServer, type SubscribePayload } from 'graphql-ws'
import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import type { Context, Services } from '../graphql/context.ts'
import { withoutHttp } from '../graphql/error-codes.ts'
import { createCostLimit } from '../graphql/operation-limits.ts'
import type { PersistedOperations } from '../graphql/persisted-operations.ts'
import type { Limits } from '../limits.ts'
import type { Audience } from '../realtime/audience.ts'
import type { Share } from '../realtime/subscriber.ts'
import { currentScope } from '../request-scope.ts'
import { countOperation } from './asker.ts'
import type { Connections } from './connections.ts'
import { type GraphQLServer, reportErrors } from './graphql-server.ts'
import { LiveStream } from './live-stream.ts'
import { type Asked, type OperationReports, operationOf } from './operation-reports.ts'
import { type Outbox, toAscii } from './outbox.ts'
import type { SharedExecution } from './shared-execution.ts'
import type { SocketSlots } from './socket-slots.ts'
import { welcome } from './websocket-connect.ts'

const SUBSCRIBER_EXISTS = 4409
const LONGEST_ID = 64 // characters of the client's name for an operation that a request's id ends with

/** What the operations of one socket have in common. */
export type LiveContext = Pick<Context, 'viewer' | 'userAgent' | 'network' | 'disconnect'>

/** What belongs to one socket. */
export interface SocketExtra {
  /** Which the client is told with the acknowledgement, and of which the ids of its requests begin. */
  connectionId: string
  socket: WebSocket
  /** The upgrade, until the client has introduced himself. */
  request: IncomingMessage | null
  /** Where it comes from, as rates know it. */
  network: string
  slots: SocketSlots
  outbox: Outbox
  /** Closes it, after what it has been sent. */
  close(code: number, reason: string): void
  /** Closes it because its client lets too much wait. */
  closeSlow(): void
  /** Closes it once what was asked for has been answered. */
  end(code: number, reason: string): Promise<void>
  /** What the client calls the operations that are under way, or about to be forgotten. */
  busy: Set<string>
  live?: LiveContext
  /** Resolves when all subscriptions asked for so far have been taken up. */
  starting?: Promise<unknown>
}

/** How one operation is run. */
interface OperationRoot {
  /** Lets the socket's later operations begin. */
  started: () => void
  /** Makes room for another one. */
  ended: () => void
  asked: Asked
}

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
  const { schema, parse, validate, execute } = graphql.getEnveloped({})
  // What is thrown as it is executed would close the socket, and a subscription isn't executed by Yoga.
  const refuseCostly = createCostLimit(limits)

  /** Parses and validates an operation, and gives it its context. */
  async function prepare(
    extra: SocketExtra,
    id: string,
    payload: SubscribePayload,
    asked: Asked,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const { promise, resolve: started } = Promise.withResolvers<void>()
    let ended = () => {}
    try {
      countOperation(services, { viewer: extra.live?.viewer ?? null, network: extra.network })
      const { operationName, variables } = payload
      const query = persisted ? persisted.textOf(payload) : payload.query
      const document = parse(query)
      const errors = validate(schema, document)
      if (errors.length > 0) return errors.map(withoutHttp)
      Object.assign(asked, operationOf(document, operationName))
      const operation = asked.operation?.operation
      if (!operation) return [unknownOperation(operationName)]
      refuseCostly({ document, operationName, variableValues: variables })
      ended = extra.slots.take(operation === 'subscription' ? 'subscription' : 'operation')
      extra.busy.add(id)
      const contextValue: Context = Object.assign(
        Object.create(services),
        { viewer: null, userAgent: null, network: extra.network, line: extra.outbox },
        extra.live,
      )
      const before = extra.starting
      if (operation === 'subscription') {
        extra.starting = Promise.all([before, promise]).then(() => {})
        const audience = shared?.audienceOf({ document, query, operationName, variables })
        if (audience) contextValue.share = new SocketShare(audience, extra.outbox, id)
      }
      await before
      const rootValue: OperationRoot = { started, ended, asked }
      const args = { schema, document, operationName, variableValues: variables, contextValue, rootValue }
      return { ...args, hideSuggestions: !introspection }
    } catch (error) {
      started()
      ended()
      extra.busy.delete(id)
      if (error instanceof GraphQLError) return [withoutHttp(error)]
      throw error
    }
  }

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
        const prepared = await prepare(extra, id, payload, asked)
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

class SocketShare implements Share {
  readonly audience: Audience
  readonly #outbox: Outbox
  readonly #head: string

  /** @param id what the client calls his subscription */
  constructor(audience: Audience, outbox: Outbox, id: string) {
    this.audience = audience
    this.#outbox = outbox
    this.#head = toAscii(`{"id":${JSON.stringify(id)},"type":"next","payload":`)
  }

  get isReading(): boolean {
    return this.#outbox.isFlowing
  }

  send(payload: string): void {
    this.#outbox.send(this.#head, payload)
  }
}

function unknownOperation(name: unknown) {
  const message = name ? `There is no operation named ${name}.` : 'Name one of the operations: operationName.'
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', field: 'operationName' } })
}
