import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import type { Limits } from '../limits.ts'
import { runInScope } from '../request-scope.ts'
import type { ServerObserver } from './observer.ts'
import { FilledOutboxes, Outbox, toAscii } from './outbox.ts'
import { SocketSlots } from './socket-slots.ts'
import type { WebSocketProtocol } from './websocket-protocol.ts'

const DRAIN_TIME = 3_000 // ms over which the sockets of a stopping server are closed
const DRAIN_STEP = 20 // ms between two of few sockets
const LAST_ANSWERS = 2_000 // ms that a socket's operations have to end before it is closed
const LAST_WORD = 500 // ms that they have where the session has ended
const LONG = 16_000 // characters; what is shorter waits for what else the turn brings
const CLOSE_TIMEOUT = 1_000 // ms that a peer has to answer a close

// The graphql-ws client comes back after these two, as it doesn't after 1011.
const GOING_AWAY = 1001
const TRY_AGAIN_LATER = 1013
const BAD_MESSAGE = 4400

/** The open sockets, each with what waits for its client. */
export interface SocketPeers {
  /** Lets the protocol speak with a client who has just come. */
  open(socket: WebSocket, request: IncomingMessage, stream: Duplex, from: { address: string; network: string }): void
  readonly size: number
  /** Bytes that wait in this process for all of their clients together. */
  waitingBytes(): number
  /**
   * Lets their operations end and closes them one after another, so that their clients don't come back all at
   * once. Resolves when all are gone.
   */
  drain(): Promise<void>
}

interface Peer {
  socket: WebSocket
  stream: Duplex
  slots: SocketSlots
  /** After what he has been sent. */
  close(code: number, reason: string): void
}

export function createSocketPeers(deps: {
  protocol: WebSocketProtocol
  observer: ServerObserver
  limits: Limits
  logger: Logger
}): SocketPeers {
  const { protocol, observer, limits, logger } = deps
  const filled = new FilledOutboxes()
  const peers = new Set<Peer>()

  function open(
    socket: WebSocket,
    request: IncomingMessage,
    stream: Duplex,
    { address, network }: { address: string; network: string },
  ): void {
    const connectionId = randomUUID()
    const slots = new SocketSlots(limits)
    const outbox = new Outbox(socket, stream, filled)
    const peer: Peer = { socket, stream, slots, close }
    let isHeard = true
    peers.add(peer)

    function fail(error: unknown) {
      if (isClientsFault(error)) return close(BAD_MESSAGE, 'Invalid message received')
      logger.error({ err: error }, 'A WebSocket message failed unexpectedly')
      close(TRY_AGAIN_LATER, 'Something went wrong on the server')
    }

    /** Whether he may be sent more: one who lets too much wait is let go. */
    function mayGetMore(): boolean {
      if (socket.readyState !== socket.OPEN) return false
      if (stream.writableLength <= limits.waitingBytes) return true
      // It waits behind what he hasn't read: he has as long as `ws` gives him, half a minute, to come to it.
      closeSlow()
      return false
    }

    function closeSlow(): void {
      if (socket.readyState === socket.OPEN) observer.slowReader('websocket')
      close(TRY_AGAIN_LATER, 'Too slow: resume from your cursor')
    }

    /** Resolves when the data is on its way, so that a stream waits for a peer that doesn't read. */
    async function send(data: string): Promise<void> {
      if (!mayGetMore()) return outbox.fail()
      if (data.length < LONG && outbox.isFlowing) return outbox.send('', toAscii(data))
      outbox.flush()
      const error = await new Promise<unknown>((resolve) => socket.send(data, resolve))
      if (error) outbox.fail()
    }

    function close(code: number, reason: string): void {
      outbox.flush()
      socket.close(code, reason)
    }

    /** Takes nothing more from him; what he asked for before is answered, perhaps that very end of his session. */
    async function end(code: number, reason: string): Promise<void> {
      isHeard = false
      if (!slots.isIdle) await Promise.race([lastAnswerSent(peer), delay(LAST_WORD)])
      await closeInTime(peer, code, reason)
    }

    socket.on('error', (error) => logger.debug({ err: error }, 'A WebSocket peer broke the protocol'))
    socket.on('ping', (data) => {
      if (mayGetMore()) socket.pong(data)
    })
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send,
        close,
        onMessage: (handle) =>
          socket.on('message', (data) => {
            // A peer that doesn't answer a close may go on sending.
            if (!isHeard || socket.readyState !== socket.OPEN) return
            runInScope({ requestId: connectionId, address }, () => void handle(String(data)).catch(fail))
          }),
      },
      { ...peer, connectionId, request, network, outbox, closeSlow, end, busy: new Set() },
    )
    socket.once('close', (code, reason) => {
      peers.delete(peer)
      closed(code, String(reason)).catch(fail)
    })
  }

  return {
    open,
    get size() {
      return peers.size
    },
    waitingBytes: () => peers.values().reduce((sum, { stream }) => sum + stream.writableLength, 0),
    async drain() {
      const step = Math.min(DRAIN_STEP, DRAIN_TIME / peers.size)
      await Promise.all(
        [...peers].map(async (peer, index) => {
          await delay(index * step)
          await Promise.race([lastAnswerSent(peer), delay(LAST_ANSWERS, null, { ref: false })])
          await closeInTime(peer, GOING_AWAY, 'Restarting')
        }),
      )
    },
  }
}

/** A message that only servers send, which graphql-ws throws on, or one nested too deeply to be answered. */
function isClientsFault(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Error && error.message.startsWith('Unexpected message'))
}

/** An answer is sent just after its operation has ended, and its completion just after it has been written. */
async function lastAnswerSent({ socket, slots }: Peer): Promise<void> {
  await slots.idle()
  await nextTurn()
  if (socket.readyState === socket.OPEN) await new Promise((resolve) => socket.ping(undefined, undefined, resolve))
  await nextTurn()
}

function closeInTime({ socket, close }: Peer, code: number, reason: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.CLOSED) return resolve()
    const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    close(code, reason)
  })
}
