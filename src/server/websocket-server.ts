import type { IncomingMessage, Server } from 'node:http'
import { handleProtocols } from 'graphql-ws'
import type { Logger } from 'pino'
import { type WebSocket, WebSocketServer } from 'ws'
import { GRAPHQL_PATH } from './graphql-server.ts'
import type { createWebSocketProtocol } from './websocket-protocol.ts'

const LARGEST_MESSAGE = 1_000_000 // bytes
const PING_INTERVAL = 12_000 // ms; a peer that hasn't answered by the next ping is gone
const CLOSE_TIMEOUT = 3_000 // ms that a peer has to answer a close
const GOING_AWAY = 1001 // the client comes back after it
const INTERNAL_ERROR = 1011

export interface WebSocketEndpoint {
  /** Asks every client to come back later, and resolves when all are gone. */
  close(): Promise<void>
}

/** Takes the upgrades of an HTTP server at the GraphQL path. */
export function attachWebSockets(
  server: Server,
  protocol: ReturnType<typeof createWebSocketProtocol>,
  logger: Logger,
): WebSocketEndpoint {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
  })

  server.on('upgrade', (request, stream, head) => {
    if (request.url?.split('?', 1)[0] !== GRAPHQL_PATH) {
      stream.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    } else {
      sockets.handleUpgrade(request, stream, head, (socket) => open(socket, request))
    }
  })

  const silent = new WeakSet<WebSocket>()
  const pinging = setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket)) {
        socket.terminate()
      } else {
        silent.add(socket)
        socket.ping()
      }
    }
  }, PING_INTERVAL)
  pinging.unref()

  function open(socket: WebSocket, request: IncomingMessage): void {
    const fail = (error: unknown) => {
      logger.error({ err: error }, 'A WebSocket message failed unexpectedly')
      socket.close(INTERNAL_ERROR, 'Internal error')
    }
    socket.on('error', (error) => logger.debug({ err: error }, 'A WebSocket peer broke the protocol'))
    socket.on('pong', () => silent.delete(socket))
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        // Resolves when the data is on its way, so that a stream waits for a peer that doesn't read.
        send: (data) =>
          new Promise((resolve) => {
            if (socket.readyState === socket.OPEN) socket.send(data, () => resolve())
            else resolve()
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) => socket.on('message', (data) => void handle(String(data)).catch(fail)),
      },
      { socket, request },
    )
    socket.once('close', (code, reason) => void closed(code, String(reason)).catch(fail))
  }

  return {
    async close() {
      clearInterval(pinging)
      const gone = [...sockets.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
      for (const socket of sockets.clients) socket.close(GOING_AWAY, 'Restarting')
      const timer = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
      }, CLOSE_TIMEOUT)
      await Promise.all(gone)
      clearTimeout(timer)
    },
  }
}

