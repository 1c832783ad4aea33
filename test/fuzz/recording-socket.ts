import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A message of graphql-transport-ws, as the server sends it. */
export interface ServerMessage {
  type: string
  id?: string
  payload?: unknown
}

/** A socket without a client library, to send what none would, and to see what is really on the line. */
export interface RecordingSocket {
  /** Sends text and bytes as they are, anything else as JSON. */
  send(message: unknown): void
  /** The first message, of those that came and those that come, that this holds for; null where the socket closes before. */
  find(isWanted: (message: ServerMessage) => boolean): Promise<ServerMessage | null>
  /** All that came, as it came. */
  readonly received: readonly string[]
  /** Resolves to the code that the server closed it with. */
  readonly closed: Promise<number>
  /** Closes it, and resolves when it has. */
  close(): Promise<void>
}

/** @param url where the server takes operations, over HTTP */
export async function openRecordingSocket(
  url: string,
  {
    protocols = ['graphql-transport-ws'],
    accessToken = null,
  }: { protocols?: string[]; accessToken?: string | null } = {},
): Promise<RecordingSocket> {
  const headers = accessToken ? { authorization: `Bearer ${accessToken}` } : {}
  const socket = new WebSocket(url.replace(/^http/, 'ws'), protocols, { headers })
  const received: string[] = []
  let wake = Promise.withResolvers<void>()
  const arrived = () => {
    wake.resolve()
    wake = Promise.withResolvers()
  }
  socket.on('message', (data) => {
    received.push(String(data))
    arrived()
  })
  socket.on('error', () => {})
  const closed = once(socket, 'close').then(([code]) => code as number)
  void closed.then(arrived)
  await Promise.race([once(socket, 'open'), closed])

  return {
    received,
    closed,
    send(message) {
      if (socket.readyState !== socket.OPEN) return
      socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message))
    },
    async find(isWanted) {
      for (let looked = 0; ; ) {
        for (; looked < received.length; looked++) {
          const message = JSON.parse(received[looked] ?? '') as ServerMessage
          if (isWanted(message)) return message
        }
        if (socket.readyState === socket.CLOSED) return null
        await wake.promise
      }
    },
    async close() {
      socket.close()
      await closed
    },
  }
}

/** One on which the handshake is done. */
export async function openReadySocket(url: string, accessToken: string | null = null): Promise<RecordingSocket> {
  const socket = await openRecordingSocket(url, { accessToken })
  socket.send({ type: 'connection_init' })
  await socket.find(({ type }) => type === 'connection_ack')
  return socket
}
