import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { handleProtocols } from 'graphql-ws'
import type { Logger } from 'pino'
import { WebSocketServer } from 'ws'
import type { Limits } from '../limits.ts'
import type { Rates } from '../rates/rates.ts'
import { type ClientAddresses, networkOf } from './client-address.ts'
import { GRAPHQL_PATH } from './graphql-server.ts'
import type { ServerObserver } from './observer.ts'
import type { Origins } from './origins.ts'
import { createSocketAdmission } from './socket-admission.ts'
import { startSocketHeartbeat } from './socket-heartbeat.ts'
import { createSocketPeers } from './socket-peers.ts'
import type { WebSocketProtocol } from './websocket-protocol.ts'

export interface WebSocketEndpoint {
  /**
   * Refuses new sockets, lets the others' operations end, and closes those one after another, so that their
   * clients don't come back all at once. Resolves when all are gone.
   */
  drain(): Promise<void>
  /** How many sockets are open. */
  readonly size: number
  /** Bytes that wait in this process for all of their clients together. */
  waitingBytes(): number
}

/** Takes the upgrades of an HTTP server at the GraphQL path. */
export function attachWebSockets(deps: {
  server: Server
  protocol: WebSocketProtocol
  addresses: ClientAddresses
  rates: Rates
  origins: Origins
  observer: ServerObserver
  limits: Limits
  logger: Logger
}): WebSocketEndpoint {
  const { server, protocol, addresses, origins, rates, observer, limits, logger } = deps
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    autoPong: false, // for a peer that asks and doesn't read, they would pile up
  })
  const peers = createSocketPeers({ protocol, observer, limits, logger })
  const heartbeat = startSocketHeartbeat(sockets.clients, limits.pingInterval)
  const admission = createSocketAdmission({ rates, observer, limits })
  let draining = false

  server.on('upgrade', (request, stream, head) => {
    stream.on('error', destroy)
    if (request.url?.split('?', 1)[0] !== GRAPHQL_PATH) return refuse(stream, '404 Not Found')
    if (!origins.isWelcome(request)) return refuse(stream, '403 Forbidden')
    if (draining) return refuse(stream, '503 Service Unavailable')
    const address = addresses.addressOf(request)
    const network = networkOf(address)
    const wait = admission.waitOf(network)
    if (wait > 0) return refuse(stream, '429 Too Many Requests', wait)
    sockets.handleUpgrade(request, stream, head, (socket) => {
      admission.countIn(socket, network)
      heartbeat.watch(socket)
      peers.open(socket, request, stream, { address, network })
    })
  })

  return {
    get size() {
      return peers.size
    },
    waitingBytes: peers.waitingBytes,
    async drain() {
      draining = true
      heartbeat.stop()
      await peers.drain()
    },
  }
}

function destroy(this: Duplex): void {
  this.destroy()
}

/** @param retryAfter seconds, where it may be worth while then */
function refuse(stream: Duplex, status: string, retryAfter?: number): void {
  // A peer that goes on sending, or stays, would keep it open.
  stream.once('finish', () => stream.destroy())
  const advice = retryAfter === undefined ? '' : `Retry-After: ${retryAfter}\r\n`
  stream.end(`HTTP/1.1 ${status}\r\n${advice}Connection: close\r\nContent-Length: 0\r\n\r\n`)
}
