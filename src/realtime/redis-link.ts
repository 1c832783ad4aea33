import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { BusSubscription } from './bus.ts'
import { type Outgoing, openRedisSession, type RedisSession } from './redis-session.ts'
import { createRedisSubscriptions } from './redis-subscriptions.ts'

const MOST_OUTGOING = 16_000_000 // characters that Redis has not yet taken in
const MOST_RUNNING = 1_000 // commands under way
const MISSED_HEARTBEATS = 3 // in a row, until Redis counts as down
const FIRST_PAUSE = 100 // ms until the second try to connect

/** What connects the nodes: it may lose anything, and says when it may have. */
export interface RedisLink {
  /** Of all channels and keys of this deployment. */
  readonly prefix: string
  /** Whether Redis answers, and listens for all that is subscribed here. */
  readonly isUp: boolean
  /** ms that the last message to oneself took; null while Redis is down. */
  readonly roundTrip: number | null
  /** How many messages could not be sent so far. */
  readonly dropped: number
  /** Returns at once; what can't be sent is dropped. What one link publishes arrives in its order. */
  publish(channel: string, payload: string): void
  /**
   * One at a time for a channel. Once `ready` resolves, what is published arrives for as long as the link is up.
   * @param listener must not throw
   */
  subscribe(channel: string, listener: (payload: string) => void): BusSubscription
  /** Runs commands, on keys with the prefix; null where they failed, took too long or Redis is away. */
  run<T>(work: (redis: Redis) => Promise<T>): Promise<T | null>
  /** Calls back whenever it has gone down, or is up again. */
  onChange(listener: (isUp: boolean) => void): void
  close(): Promise<void>
}

export interface RedisLinkOptions {
  /** redis:// or rediss:// */
  url: string
  /** Two deployments with different ones may share a Redis. */
  prefix: string
  logger: Logger
  heartbeat?: number // ms between two messages to oneself
  connectTimeout?: number // ms
  commandTimeout?: number // ms
  longestPause?: number // ms between two tries to connect
}

/** Resolves once Redis is up, or the first try to connect has failed; more follow then. */
export async function openRedisLink(options: RedisLinkOptions): Promise<RedisLink> {
  const { url, prefix, logger, heartbeat = 1_000, connectTimeout = 3_000 } = options
  const { commandTimeout = 500, longestPause = 5_000 } = options
  const self = `node:${randomUUID()}`
  const closing = new AbortController()
  const listeners = new Set<(isUp: boolean) => void>()
  const first = Promise.withResolvers<void>()
  let refused = Promise.withResolvers<Error>()
  const subscriptions = createRedisSubscriptions(prefix, (error) => refused.resolve(error as Error))
  /** Set while Redis is up. */
  let session: RedisSession | null = null
  let outgoing: Outgoing[] = []
  let outgoingSize = 0
  let dropped = 0
  let droppedBefore = 0
  let roundTrip: number | null = null
  let beatAt = 0
  let running = 0
  let unanswered = 0
  let failures = 0

  function change(to: RedisSession | null): void {
    session = to
    if (to) {
      logger.info({ dropped }, 'Redis is up')
      droppedBefore += dropped
      dropped = failures = 0
    } else {
      roundTrip = null
    }
    for (const listener of listeners) listener(to !== null)
  }

  /** Resolves with the reason when it doesn't come back to oneself. */
  async function beat(current: RedisSession, signal: AbortSignal): Promise<Error> {
    for (unanswered = 0; unanswered < MISSED_HEARTBEATS; unanswered++) {
      beatAt = performance.now()
      current.publish([{ channel: prefix + self, payload: '' }]).catch(() => {})
      await delay(heartbeat, null, { signal, ref: false })
    }
    return new Error('it is silent')
  }

  /** @returns why it is over */
  async function live(): Promise<Error> {
    refused = Promise.withResolvers()
    const over = new AbortController()
    const { signal } = closing
    let current: RedisSession | null = null
    try {
      current = await openRedisSession({ url, onMessage: subscriptions.receive, timeout: connectTimeout, signal })
      const silent = beat(current, over.signal)
      silent.catch(() => {})
      const end = Promise.race([current.ended, silent, refused.promise])
      const fault = await Promise.race([subscriptions.attach(current), end])
      if (fault) return fault
      change(current)
      first.resolve()
      return await end
    } catch (error) {
      return error as Error
    } finally {
      over.abort()
      current?.close()
      subscriptions.detach()
      if (session) change(null)
    }
  }

  async function keepUp(): Promise<void> {
    while (!closing.signal.aborted) {
      const reason = await live()
      first.resolve()
      if (closing.signal.aborted) return
      if (failures === 0) logger.warn(`Redis is down (${wordOf(reason)}): changes take longer between nodes without it`)
      const pause = Math.min(longestPause, FIRST_PAUSE * 2 ** failures++)
      await delay(pause * (0.5 + Math.random() / 2), null, { signal: closing.signal, ref: false }).catch(() => {})
    }
  }

  async function send(): Promise<void> {
    const messages = outgoing
    outgoing = []
    try {
      if (!session) throw new Error('Redis is down')
      await session.publish(messages)
    } catch {
      dropped += messages.length
    } finally {
      for (const { payload } of messages) outgoingSize -= payload.length
    }
  }

  void subscriptions.add(self, () => {
    unanswered = -1
    roundTrip = performance.now() - beatAt
  })
  const ended = keepUp()
  await first.promise

  return {
    prefix,
    get isUp() {
      return session !== null
    },
    get roundTrip() {
      return session && roundTrip
    },
    get dropped() {
      return droppedBefore + dropped
    },
    publish(channel, payload) {
      if (!session || outgoingSize > MOST_OUTGOING) {
        dropped++
        return
      }
      outgoingSize += payload.length
      outgoing.push({ channel: prefix + channel, payload })
      // What one turn publishes goes out together.
      if (outgoing.length === 1) queueMicrotask(() => void send())
    },
    subscribe(channel, listener) {
      const ready = subscriptions.add(channel, listener)
      return { ready, close: () => subscriptions.remove(channel) }
    },
    async run(work) {
      if (!session || running >= MOST_RUNNING) return null
      running++
      const done = new AbortController()
      try {
        const late = delay(commandTimeout, null, { signal: done.signal, ref: false })
        late.catch(() => {})
        const working = work(session.commands)
        working.catch(() => {})
        return await Promise.race([working, late])
      } catch {
        return null
      } finally {
        running--
        done.abort()
      }
    },
    onChange(listener) {
      listeners.add(listener)
    },
    async close() {
      closing.abort()
      await ended
    },
  }
}

/** Not the error itself, which may hold the password. One for several addresses has a code and no message. */
function wordOf({ message, code }: NodeJS.ErrnoException): string {
  return message || (code ?? 'no reason given')
}
