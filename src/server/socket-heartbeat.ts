import type { WebSocket } from 'ws'

export interface SocketHeartbeat {
  /** Takes note of a socket's answers. */
  watch(socket: WebSocket): void
  stop(): void
}

/**
 * Pings all sockets now and then. One that hasn't answered by the next time is let go: its peer has left without a
 * word.
 * @param interval ms between two pings
 */
export function startSocketHeartbeat(sockets: Iterable<WebSocket>, interval: number): SocketHeartbeat {
  const silent = new WeakSet<WebSocket>()

  function ping(): void {
    for (const socket of sockets) {
      if (silent.has(socket)) {
        socket.terminate()
      } else {
        silent.add(socket)
        socket.ping()
      }
    }
  }

  // After what has arrived meanwhile has been read: where the process was held up, the answers to the last pings.
  const timer = setInterval(() => setImmediate(ping), interval)
  timer.unref()
  return {
    watch: (socket) => void socket.on('pong', () => silent.delete(socket)),
    stop: () => clearInterval(timer),
  }
}
