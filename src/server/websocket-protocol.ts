import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type ExecutionArgs, type execute, GraphQLError, getOperationAST, type subscribe } from 'graphql'
import { type Context as SocketContext, makeServer, type SubscribePayload } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { Viewer } from '../auth/viewer.ts'
import { ChatError } from '../errors.ts'
import type { Services } from '../graphql/context.ts'
import { encodeId } from '../ids.ts'
import type { Connections } from './connections.ts'
import { bearerToken, type GraphQLServer, type LiveContext } from './graphql-server.ts'

const CONNECTION_INIT_TIMEOUT = 10_000 // ms
const TRY_AGAIN_LATER = 1013
const FORBIDDEN = 4403 // the graphql-ws client comes back after it, with a fresh token

export interface SocketExtra {
  socket: WebSocket
  request: IncomingMessage
  live?: LiveContext['live']
  /** Resolves when all subscriptions asked for so far have been taken up. */
  starting?: Promise<unknown>
}

/** How an operation is run: by the GraphQL server, with its plugins. */
interface EnvelopedRoot {
  execute: typeof execute
  subscribe: typeof subscribe
  /** Lets the socket's later operations begin. */
  started: () => void
}

/**
 * graphql-transport-ws, its operations run by the same GraphQL server as those over HTTP.
 *
 * The protocol acknowledges no subscription. Here an operation begins when the subscriptions sent before
 * it on its socket have been taken up, so that its answer tells the client that they listen.
 */
export function createWebSocketProtocol(graphql: GraphQLServer, services: Services, connections: Connections) {
  return makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: CONNECTION_INIT_TIMEOUT,

    async onConnect({ extra, connectionParams }) {
      const { socket, request } = extra
      const token = socketToken(connectionParams, request)
      let viewer: Viewer | null = null
      try {
        viewer = token === null ? null : await services.sessions.authenticate(token)
      } catch (error) {
        if (!(error instanceof ChatError)) throw error
        socket.close(FORBIDDEN, error.message)
        return false
      }
      const user = viewer && (await services.users.resolve({ id: viewer.userId }))
      if (socket.readyState !== socket.OPEN) return false
      if (viewer) {
        const closed = connections.add({ viewer, refuse: (reason) => socket.close(FORBIDDEN, reason) })
        socket.once('close', closed)
      }
      extra.live = {
        viewer,
        userAgent: request.headers['user-agent'] ?? null,
        disconnect: () => socket.close(TRY_AGAIN_LATER, 'Too slow: resume from your cursor'),
      }
      return {
        message: user ? `Welcome, ${user.displayName}` : 'Welcome: sign in to listen and send',
        connectionId: randomUUID(),
        user: user && { id: encodeId('User', user.id), username: user.username, displayName: user.displayName },
      }
    },

    onSubscribe: ({ extra }, _id, payload) => prepare(graphql, extra, payload),
    execute: (args) => (args.rootValue as EnvelopedRoot).execute(args),
    async subscribe(args) {
      const { subscribe, started } = args.rootValue as EnvelopedRoot
      try {
        return await subscribe(args)
      } finally {
        started()
      }
    },
  })
}

/** Parses and validates an operation with the GraphQL server's plugins, and gives it its context. */
async function prepare(
  graphql: GraphQLServer,
  extra: SocketExtra,
  { query, operationName, variables }: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { schema, execute, subscribe, contextFactory, parse, validate } = graphql.getEnveloped({ live: extra.live })
  const { promise, resolve: started } = Promise.withResolvers<void>()
  try {
    const document = parse(query)
    const errors = validate(schema, document)
    if (errors.length > 0) return errors
    const before = extra.starting
    if (getOperationAST(document, operationName)?.operation === 'subscription') {
      extra.starting = Promise.all([before, promise])
    }
    await before
    const contextValue = await contextFactory()
    const rootValue: EnvelopedRoot = { execute, subscribe, started }
    return { schema, document, operationName, variableValues: variables, contextValue, rootValue }
  } catch (error) {
    started()
    if (error instanceof GraphQLError) return [error]
    throw error
  }
}

/** From `connectionParams`, the upgrade request, or its URL, where command-line tools can put it. */
function socketToken(params: SocketContext['connectionParams'], { headers, url }: IncomingMessage): string | null {
  return (
    bearerToken(params?.['authorization'] ?? params?.['Authorization']) ??
    bearerToken(headers.authorization) ??
    new URLSearchParams(url?.split('?')[1]).get('token')
  )
}
