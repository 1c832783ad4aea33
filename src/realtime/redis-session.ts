import { Redis, type RedisOptions } from 'ioredis'

const LARGEST_COMMAND = 500 // channels

/** Two connections to Redis that live and end together: one publishes, the other listens. */
export interface RedisSession {
  /** For commands of any kind. */
  readonly commands: Redis
  /** Resolves with the reason when either connection has ended. */
  readonly ended: Promise<Error>
  /** @throws where Redis has not taken in all of them */
  publish(messages: readonly Outgoing[]): Promise<void>
  /** Resolves when Redis listens for them. */
  subscribe(channels: readonly string[]): Promise<void>
  unsubscribe(channels: readonly string[]): Promise<void>
  /** Ends both at once; what is under way is rejected. */
  close(): void
}

export interface Outgoing {
  channel: string
  payload: string
}

/**
 * Left alone, ioredis queues without bound while Redis is away, sends again what is old by then, and takes a connection
 * for alive whose other side has frozen. So it never reconnects by itself: each session is new, and ends whole.
 */
const OPTIONS = {
  lazyConnect: true,
  retryStrategy: () => null,
  enableOfflineQueue: false,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: null,
  disconnectTimeout: 100, // ms until a socket is destroyed whose other side doesn't say goodbye
  connectionName: 'chatserver',
} satisfies RedisOptions

export interface RedisSessionOptions {
  url: string
  /** It must not throw. */
  onMessage: (channel: string, payload: string) => void
  timeout: number // ms that the connecting may take
  /** Ends it. */
  signal: AbortSignal
}

/** @throws where Redis isn't there, doesn't answer or refuses */
export async function openRedisSession(options: RedisSessionOptions): Promise<RedisSession> {
  const { url, onMessage, timeout, signal } = options
  const commands = new Redis(url, { ...OPTIONS, connectTimeout: timeout })
  const listening = new Redis(url, { ...OPTIONS, connectTimeout: timeout })
  const ended = Promise.withResolvers<Error>()
  for (const connection of [commands, listening]) {
    connection.on('error', (error: Error) => ended.resolve(error))
    connection.on('close', () => ended.resolve(new Error('the connection was closed')))
  }
  const close = () => {
    signal.removeEventListener('abort', close)
    commands.disconnect()
    listening.disconnect()
    ended.resolve(new Error('it was given up'))
  }
  signal.addEventListener('abort', close)
  // A frozen Redis takes connections and never answers.
  const timer = setTimeout(() => ended.resolve(new Error(`no answer for ${timeout} ms`)), timeout).unref()
  try {
    const opening = Promise.all([commands.connect(), listening.connect()]).then(() => offersShards(commands))
    const opened = await Promise.race([opening, ended.promise])
    if (opened instanceof Error) {
      opening.catch(() => {})
      throw opened
    }
    listening.on(opened ? 'smessage' : 'message', onMessage)
    return toSession({ commands, listening, isSharded: opened, ended: ended.promise, close })
  } catch (error) {
    close()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

interface Parts extends Pick<RedisSession, 'commands' | 'ended' | 'close'> {
  listening: Redis
  isSharded: boolean
}

function toSession({ commands, listening, isSharded, ended, close }: Parts): RedisSession {
  return {
    commands,
    ended,
    close,
    async publish(messages) {
      const pipeline = commands.pipeline()
      for (const { channel, payload } of messages) pipeline[isSharded ? 'spublish' : 'publish'](channel, payload)
      for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
    },
    async subscribe(channels) {
      await inSteps(channels, (some) => listening[isSharded ? 'ssubscribe' : 'subscribe'](...some))
    },
    async unsubscribe(channels) {
      await inSteps(channels, (some) => listening[isSharded ? 'sunsubscribe' : 'unsubscribe'](...some))
    },
  }
}

async function inSteps(channels: readonly string[], work: (some: string[]) => Promise<unknown>): Promise<void> {
  const steps: Promise<unknown>[] = []
  for (let from = 0; from < channels.length; from += LARGEST_COMMAND) {
    steps.push(work(channels.slice(from, from + LARGEST_COMMAND)))
  }
  await Promise.all(steps)
}

/** Sharded channels cross a Redis Cluster once, plain ones go to each of its nodes. Redis has them from 7.0 on. */
async function offersShards(commands: Redis): Promise<boolean> {
  const [found] = (await commands.call('COMMAND', 'INFO', 'SSUBSCRIBE').catch(() => [])) as unknown[]
  return Array.isArray(found)
}
