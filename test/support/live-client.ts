import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { createEventQueue, type EventQueue } from './event-queue.ts'
import type { TypedDocumentString } from './graphql.ts'
import { bodyOf, dataOf, RequestError, type Variables, type VariablesOf } from './operation.ts'

/** A live operation; its events wait until they are taken with `next`. */
export interface Listener<Data> extends EventQueue<Data> {
  /** Resolves when the server has taken the operation up: what happens from then on arrives. */
  readonly ready: Promise<void>
  close(): void
}

/** One WebSocket, open while it has listeners. A closed one doesn't come back by itself: listen again. */
export interface LiveClient {
  listen<Data, V extends Variables>(
    document: TypedDocumentString<Data, V>,
    ...variables: VariablesOf<V>
  ): Listener<Data>
  /** Closes the socket, and with it its listeners. */
  close(): void
}

/** The server closed the socket, with this code. */
export class SocketClosedError extends Error {
  readonly code: number

  constructor(code: number, reason: string) {
    super(`The socket was closed: ${code} ${reason}`)
    this.code = code
  }
}

/** @param url where the server takes operations, over HTTP */
export function createLiveClient(url: string, accessToken: string | null): LiveClient {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(accessToken && { connectionParams: { authorization: `Bearer ${accessToken}` } }),
  })

  /** The protocol acknowledges no subscription, but a later message on the same socket is answered. */
  function roundTrip(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    promise.catch(() => {})
    client.subscribe(
      { query: '{ __typename }' },
      { next: () => {}, complete: resolve, error: (error) => reject(toError(error)) },
    )
    return promise
  }

  return {
    listen<Data, V extends Variables>(
      document: TypedDocumentString<Data, V>,
      ...[variables]: VariablesOf<V>
    ): Listener<Data> {
      const { queue, sink } = createEventQueue<Data>()
      const close = client.subscribe<Data>(bodyOf(document, variables), {
        next(answer) {
          try {
            sink.push(dataOf(answer))
          } catch (error) {
            sink.fail(toError(error))
          }
        },
        complete: sink.complete,
        error: (error) => sink.fail(toError(error)),
      })
      return { ...queue, ready: roundTrip(), close }
    },
    close: () => void client.dispose(),
  }
}

/** graphql-ws hands on GraphQL errors, the socket's close event or what went wrong on the way. */
function toError(error: unknown): Error {
  if (Array.isArray(error)) return new RequestError(error)
  if (error instanceof Error) return error
  const { code, reason, message } = Object(error)
  return code ? new SocketClosedError(code, reason) : new Error(message ?? String(error))
}
