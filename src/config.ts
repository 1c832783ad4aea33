import { loadEnvFile } from 'node:process'
import { StartError } from './errors.ts'
import type { Limits } from './limits.ts'
import type { LogFileSettings } from './log-file.ts'
import { type RateTable, rateTable } from './rate-limits.ts'
import { type Settings, settings } from './settings.ts'

/** Who may read the metrics: who knows the token; anybody; or who asks from this machine. */
export type MetricsReaders = { token: string } | 'all' | 'local'

export interface Config {
  port: number
  host: string
  databaseUrl: string
  /** Where uploads lie, which all nodes share; beside an SQLite database, or within PostgreSQL's, where left out. */
  mediaFolder?: string | undefined
  /** Connections to PostgreSQL at most. */
  databaseConnections: number
  /** Where a node has copies of the uploads in PostgreSQL's database; data/media where left out. */
  mediaCache?: string | undefined
  /** What connects several nodes. */
  redisUrl?: string | undefined
  /** Where clients reach this server, without a slash at its end; left out, each request tells. */
  publicUrl?: string | undefined
  /** Those whose word on where a request comes from is taken: addresses, subnets and names of ranges. */
  trustedProxies: readonly string[]
  /** Whose pages may use this server from within a browser, besides its own; `*` for all. */
  corsOrigins: '*' | readonly string[]
  /** Made at the first start and kept beside the database, or in PostgreSQL's, where it is left out. */
  jwtSecret?: string | undefined
  logLevel: string
  /** Where the log goes; stdout where it is left out. */
  logFile?: LogFileSettings | undefined
  /** Null where nobody may. */
  metricsReaders: MetricsReaders | null
  /** Whether an empty database gets the demo users tom and jerry. */
  seedUsers: boolean
  /** Whether clients may ask what the schema is, and are told of what they may have meant. */
  introspection: boolean
  /** Whether there is GraphiQL. */
  graphiql: boolean
  /** Whether subscriptions that ask for the same are executed once for all of them. */
  sharedExecution: boolean
  /** The file of the only operations that run; any may where it is left out. */
  persistedOperations?: string | undefined
  /** bcrypt's cost of passwords, each step of which doubles their time; 10 where left out. */
  passwordCost?: number | undefined
  /** ms that somebody stays online after his last connection closed, so that a flap isn't told; 5 s where left out. */
  presenceGrace?: number | undefined
  /** ms that a node's word on who is online is good for, among several nodes; 30 s where left out. */
  presenceLease?: number | undefined
  limits: Limits
  /** How often what may be done. */
  rates: RateTable
}

/**
 * The environment, and a `.env` file for what it leaves out.
 * @throws StartError naming each setting that is wrong
 */
export function readConfig(): Config {
  try {
    loadEnvFile()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new StartError(`Can't read .env: ${error}`)
  }
  return parseConfig(process.env)
}

/** @throws StartError naming each setting that is wrong */
export function parseConfig(env: NodeJS.ProcessEnv): Config {
  // An empty value is a setting left out, as in `.env.example`.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = settings.safeParse(given)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new StartError(`Wrong setting: ${faults.join('; ')}. See .env.example.`)
  }
  const { data } = parsed
  if (data.REDIS_URL && data.DATABASE_URL.startsWith('file:')) {
    throw new StartError('REDIS_URL connects several nodes, and an SQLite database has one: leave it out.')
  }
  const isProduction = data.NODE_ENV === 'production'
  // One machine plays a thousand users in a load test.
  const unlessOff = (limit: number) => (data.RATE_LIMITS === 'off' ? Infinity : limit)
  return {
    port: data.PORT,
    host: data.HOST,
    databaseUrl: data.DATABASE_URL,
    databaseConnections: data.DATABASE_CONNECTIONS,
    mediaFolder: data.MEDIA_FOLDER,
    redisUrl: data.REDIS_URL,
    publicUrl: data.PUBLIC_URL?.replace(/\/+$/, ''),
    trustedProxies: data.TRUST_PROXY,
    corsOrigins: data.CORS_ORIGINS,
    jwtSecret: data.JWT_SECRET,
    logLevel: data.LOG_LEVEL,
    seedUsers: data.SEED_USERS ?? !isProduction,
    introspection: data.INTROSPECTION ? data.INTROSPECTION === 'on' : !isProduction,
    graphiql: data.GRAPHIQL ? data.GRAPHIQL === 'on' : !isProduction,
    logFile: logFileOf(data),
    metricsReaders: metricsReadersOf(data),
    sharedExecution: data.SHARED_EXECUTION === 'on',
    rates: data.RATE_LIMITS === 'off' ? {} : rateTable(data),
    persistedOperations: data.PERSISTED_OPERATIONS,
    limits: {
      subscriptionsPerSocket: data.MAX_SUBSCRIPTIONS_PER_SOCKET,
      operationsPerSocket: data.MAX_OPERATIONS_PER_SOCKET,
      connectionsPerUser: unlessOff(data.MAX_CONNECTIONS_PER_USER),
      socketsPerAddress: unlessOff(data.MAX_SOCKETS_PER_ADDRESS),
      messageBytes: data.MAX_MESSAGE_BYTES,
      tokens: data.MAX_TOKENS,
      definitions: data.MAX_DEFINITIONS,
      depth: data.MAX_DEPTH,
      aliases: data.MAX_ALIASES,
      directives: data.MAX_DIRECTIVES,
      selections: data.MAX_SELECTIONS,
      cost: data.MAX_COST,
      requestTimeout: data.REQUEST_TIMEOUT * 1_000,
      mediaBytes: data.MAX_MEDIA_BYTES,
      mediaBytesPerUser: unlessOff(data.MAX_MEDIA_BYTES_PER_USER),
      uploadsPerUser: unlessOff(data.MAX_UPLOADS_PER_USER),
      uploadTimeout: data.UPLOAD_TIMEOUT * 1_000,
      waitingChanges: data.MAX_WAITING_CHANGES,
      waitingBytes: data.MAX_WAITING_BYTES,
      connectionInitTimeout: data.CONNECTION_INIT_TIMEOUT * 1_000,
      typingTimeout: data.TYPING_TIMEOUT * 1_000,
      pingInterval: data.PING_INTERVAL * 1_000,
    },
  }
}

function logFileOf(data: Settings): LogFileSettings | undefined {
  return data.LOG_FILE ? { path: data.LOG_FILE, bytes: data.LOG_FILE_BYTES, files: data.LOG_FILES } : undefined
}

function metricsReadersOf(data: Settings): MetricsReaders | null {
  const { METRICS, METRICS_TOKEN, PUBLIC_URL, TRUST_PROXY } = data
  if (METRICS === 'off') return null
  if (METRICS_TOKEN) return { token: METRICS_TOKEN }
  if (METRICS) return METRICS === 'on' ? 'all' : 'local'
  // Behind a proxy on the same machine, everybody seems to ask from there.
  return PUBLIC_URL || TRUST_PROXY.length > 0 ? null : 'local'
}
