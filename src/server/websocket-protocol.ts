import type { IncomingMessage } from 'node:http'
import { type ExecutionArgs, type execute, GraphQLError, getOperationAST, type subscribe } from 'graphql'
import { makeServer, type SubscribePayload } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { Services } from '../graphql/context.ts'
import type { Limits } from '../limits.ts'
import type { Audience } from '../realtime/audience.ts'
import type { Share } from '../realtime/subscriber.ts'
import type { Connections } from './connections.ts'
import type { GraphQLServer, LiveContext } from './graphql-server.ts'
import type { Outbox } from './outbox.ts'
import { type SharedExecution, toAscii } from './shared-execution.ts'
import type { SocketSlots } from './socket-slots.ts'
import { welcome } from './websocket-connect.ts'

const SUBSCRIBER_EXISTS = 4409

/** What belongs to one socket. */
export interface SocketExtra {
  socket: WebSocket
  request: IncomingMessage
  slots: SocketSlots
  outbox: Outbox
  /** Closes it once what was asked for has been answered. */
  end(code: number, reason: string): Promise<void>
  /** What the client calls the operations that are under way, or about to be forgotten. */
  busy: Set<string>
  live?: LiveContext['live']
  /** Resolves when all subscriptions asked for so far have been taken up. */
  starting?: Promise<unknown>
}

/** How one operation is run: by the GraphQL server, with its plugins. */
interface OperationRoot {
  execute: typeof execute
  subscribe: typeof subscribe
  /** Lets the socket's later operations begin. */
  started: () => void
  /** Makes room for another one. */
  ended: () => void
}

/**
 * graphql-transport-ws, its operations run by the same GraphQL server as those over HTTP.
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
  limits: Limits
}) {
  const { graphql, services, connections, shared, limits } = deps
  return makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: limits.connectionInitTimeout,

    async onConnect({ extra, connectionParams }) {
      const welcomed = await welcome(services, connections, extra, connectionParams)
      if (!welcomed) return false
      extra.live = welcomed.live
      return welcomed.ack
    },

    onSubscribe({ extra }, id, payload) {
      if (!extra.busy.has(id)) return prepare({ graphql, shared }, extra, id, payload)
      // graphql-ws would take its end for that of the new one.
      extra.socket.close(SUBSCRIBER_EXISTS, `Subscriber for ${id} already exists`)
      return []
    },

    onComplete: ({ extra }, id) => void setImmediate(() => extra.busy.delete(id)),

    async execute(args) {
      const { execute, ended } = args.rootValue as OperationRoot
      try {
        return await execute(args)
      } finally {
        ended()
      }
    },

    async subscribe(args) {
      const { subscribe, started, ended } = args.rootValue as OperationRoot
      try {
        const result = await subscribe(args)
        if (!(Symbol.asyncIterator in result)) ended()
        return result
      } catch (error) {
        ended()
        throw error
      } finally {
        started()
      }
    },
  })
}

/** Parses and validates an operation with the GraphQL server's plugins, and gives it its context. */
async function prepare(
  { graphql, shared }: { graphql: GraphQLServer; shared: SharedExecution | null },
  extra: SocketExtra,
  id: string,
  { query, operationName, variables }: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { promise, resolve: started } = Promise.withResolvers<void>()
  let ended = () => {}
  const live: LiveContext['live'] = extra.live && { ...extra.live, onStreamEnd: () => ended() }
  const { schema, execute, subscribe, contextFactory, parse, validate } = graphql.getEnveloped({ live })
  try {
    const document = parse(query)
    const errors = validate(schema, document)
    if (errors.length > 0) return errors
    const operation = getOperationAST(document, operationName)?.operation
    if (!operation) return [unknownOperation(operationName)]
    ended = extra.slots.take(operation === 'subscription' ? 'subscription' : 'operation')
    extra.busy.add(id)
    const before = extra.starting
    if (operation === 'subscription') {
      extra.starting = Promise.all([before, promise]).then(() => {})
      const audience = shared?.audienceOf({ document, query, operationName, variables })
      if (live && audience) live.share = createShare(audience, extra.outbox, id)
    }
    await before
    const contextValue = await contextFactory()
    const rootValue: OperationRoot = { execute, subscribe, started, ended }
    return { schema, document, operationName, variableValues: variables, contextValue, rootValue }
  } catch (error) {
    started()
    ended()
    extra.busy.delete(id)
    if (error instanceof GraphQLError) return [error]
    throw error
  }
}

/** @param id what the client calls his subscription */
function createShare(audience: Audience, outbox: Outbox, id: string): Share {
  const head = toAscii(`{"id":${JSON.stringify(id)},"type":"next","payload":`)
  return { audience, isReading: outbox.isFlowing, send: (payload) => outbox.send(head, payload) }
}

function unknownOperation(name: unknown) {
  const message = name ? `There is no operation named ${name}.` : 'Name one of the operations: operationName.'
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', field: 'operationName' } })
}
