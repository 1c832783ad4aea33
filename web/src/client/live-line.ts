import { createClient } from 'graphql-ws'
import { createObservable, type Observable } from './observable.ts'

const FORBIDDEN = 4403
const PING_INTERVAL = 10_000 // ms
const PONG_TIMEOUT = 5_000 // ms
const LONGEST_WAIT = 8_000 // ms between two attempts

export interface Operation {
  query: string
  variables: Record<string, unknown>
}

export interface Sink {
  next(result: { data?: unknown; errors?: unknown }): void
  error(error: unknown): void
  complete(): void
}

export interface LiveLine {
  /** Whether it is up now. */
  readonly isUp: Observable<boolean>
  /**
   * Listens until it is told to stop, over as many connections as that takes, each from the last event's cursor.
   * @param onEnded hears that the server has ended it
   */
  subscribe(operation: Operation, sink: Sink, onEnded: () => void): () => void
  close(): void
}

/**
 * The WebSocket, which comes back by itself for as long as somebody listens.
 * @param accessToken waits until there is a good one
 * @param onRefused hears that the server takes the token no longer
 */
export function createLiveLine(accessToken: () => Promise<string>, onRefused: () => void): LiveLine {
  const isUp = createObservable(false)
  let pong: ReturnType<typeof setTimeout> | undefined
  let token = ''

  const client = createClient({
    url: async () => {
      // Here rather than with the connection's parameters, since failing there ends all subscriptions.
      token = await accessToken()
      return `${location.origin.replace(/^http/, 'ws')}/graphql`
    },
    connectionParams: () => ({ authorization: `Bearer ${token}` }),
    lazyCloseTimeout: 3_000, // ms
    keepAlive: PING_INTERVAL,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (retries) => waitForNetwork(Math.min(LONGEST_WAIT, 250 * 2 ** retries) * (0.5 + Math.random() / 2)),
    on: {
      connected: () => isUp.set(true),
      closed: (event) => {
        clearTimeout(pong)
        isUp.set(false)
        if ((event as CloseEvent).code === FORBIDDEN) onRefused()
      },
      ping: (received) => {
        if (!received) pong = setTimeout(() => client.terminate(), PONG_TIMEOUT)
      },
      pong: (received) => {
        if (received) clearTimeout(pong)
      },
    },
  })
  const cut = () => client.terminate()
  window.addEventListener('offline', cut)

  return {
    isUp,
    subscribe({ query, variables }, sink, onEnded) {
      let isStopped = false
      let resumed = variables
      const payload = {
        query,
        // Read anew with each connection.
        get variables() {
          return resumed
        },
      }
      const stop = client.subscribe(payload, {
        next(result) {
          const [event] = Object.values(result.data ?? {}) as ({ cursor?: string } | null)[]
          if (event?.cursor) resumed = { ...resumed, after: event.cursor }
          sink.next(result as { data?: unknown; errors?: unknown })
        },
        error: (error) => sink.error(error),
        complete() {
          if (!isStopped) onEnded()
          sink.complete()
        },
      })
      return () => {
        isStopped = true
        stop()
      }
    },
    close() {
      window.removeEventListener('offline', cut)
      clearTimeout(pong)
      // It rejects where the connection was only being made.
      Promise.resolve(client.dispose()).catch(() => {})
    },
  }
}

/** Waits that long, or until the network is back. @param longest ms */
export function waitForNetwork(longest: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, longest)
    window.addEventListener('online', done)
    function done() {
      clearTimeout(timer)
      window.removeEventListener('online', done)
      resolve()
    }
  })
}
