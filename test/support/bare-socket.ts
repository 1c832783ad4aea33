import { on, once } from 'node:events'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'

type Message = { type: string; id?: string; payload?: unknown }

/** A socket without a client library's help, to see what is really on the line. */
export interface BareSocket {
  readonly socket: WebSocket
  send(message: Message | string): void
  next(): Promise<Message>
  /** The code that it was closed with. */
  readonly closed: Promise<number>
}

/**
 * @param url where the server takes operations, over HTTP
 * @param how what the upgrade request carries
 */
export async function openBareSocket(
  url: string,
  { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
): Promise<BareSocket> {
  const socket = new WebSocket(url.replace('http', 'ws') + query, 'graphql-transport-ws', { headers })
  onTestFinished(() => socket.terminate())
  const messages = on(socket, 'message')
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  await once(socket, 'open')
  return {
    socket,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: async () => JSON.parse(String((await messages.next()).value?.[0])) as Message,
    closed,
  }
}

/** The same, introduced with a token. */
export async function openSignedInSocket(url: string, accessToken: string): Promise<BareSocket> {
  const bare = await openBareSocket(url, { headers: { authorization: `Bearer ${accessToken}` } })
  bare.send({ type: 'connection_init' })
  await bare.next()
  return bare
}
