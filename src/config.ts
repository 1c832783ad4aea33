import { loadEnvFile } from 'node:process'
import { compile as compileProxies } from 'proxy-addr'
import { z } from 'zod'
import { StartError } from './errors.ts'
import type { Limits } from './limits.ts'
import type { LogFileSettings } from './log-file.ts'
import { type RateTable, rateSettings, rateTable } from './rate-limits.ts'

const count = z.coerce.number().int().positive()
const seconds = z.coerce.number().positive().max(86_400)

const proxies = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .refine(
    isListOfProxies,
    'must be addresses, subnets like 10.0.0.0/8, loopback, linklocal or uniquelocal, with commas',
  )

const switched = z.enum(['on', 'off'])

/** Origins as browsers write them, or `*` for all. */
const origins = z.string().transform((text, { addIssue }): '*' | string[] => {
  if (text.trim() === '*') return '*'
  const list = text.split(/[\s,]+/).filter(Boolean)
  if (list.every(isOrigin)) return list
  addIssue('must be * or origins such as https://chat.example.com, with commas between')
  return []
})

/** Every setting, with a default that works. `.env.example` lists them for people; a test compares the two. */
export const settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(
      /^(file:.*[^/\\]|postgres(ql)?:\/\/.+)$/,
      'must be file: and the path of a file (SQLite), or a postgresql:// URL',
    )
    .default('file:./data/chatserver.db'),
  DATABASE_CONNECTIONS: count.min(2, 'must be at least 2').default(20),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' }).optional(),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
    .regex(/^[^?#]*$/, 'must have no ? and no #')
    .optional(),
  TRUST_PROXY: proxies,
  CORS_ORIGINS: origins.default([]),
  JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_FILE: z
    .string()
    .regex(/[^/\\]$/, 'must be the path of a file')
    .optional(),
  LOG_FILE_BYTES: count.default(10_000_000),
  LOG_FILES: count.default(5),
  METRICS: z.enum(['local', 'on', 'off']).optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^\S{16,}$/, 'must have at least 16 characters, and no space')
    .optional(),
  SEED_USERS: z.stringbool('must be true or false').optional(),
  NODE_ENV: z.string().optional(),
  INTROSPECTION: switched.optional(),
  GRAPHIQL: switched.optional(),
  RATE_LIMITS: z.enum(['on', 'off']).default('on'),
  ...rateSettings,
  SHARED_EXECUTION: z.enum(['on', 'off']).default('on'),
  MAX_SUBSCRIPTIONS_PER_SOCKET: count.default(100),
  MAX_OPERATIONS_PER_SOCKET: count.default(100),
  MAX_CONNECTIONS_PER_USER: count.default(50),
  MAX_SOCKETS_PER_ADDRESS: count.default(500),
  MAX_MESSAGE_BYTES: count.min(20_000, 'must be at least 20000, or messages would not fit').default(1_000_000),
  MAX_TOKENS: count.default(2_000),
  MAX_DEFINITIONS: count.default(100),
  MAX_DEPTH: count.default(20),
  MAX_ALIASES: count.default(30),
  MAX_DIRECTIVES: count.default(50),
  MAX_SELECTIONS: count.default(500),
  MAX_COST: count.default(20_000),
  PERSISTED_OPERATIONS: z.string().min(1).optional(),
  REQUEST_TIMEOUT: seconds.max(290, 'must be at most 290').default(20),
  MEDIA_FOLDER: z.string().min(1).optional(),
  MAX_MEDIA_BYTES: count.max(2_000_000_000, 'must be at most 2000000000').default(25_000_000),
  MAX_MEDIA_BYTES_PER_USER: count.default(1_000_000_000),
  MAX_UPLOADS_PER_USER: count.default(4),
  UPLOAD_TIMEOUT: seconds.max(290, 'must be at most 290').default(240),
  MAX_WAITING_CHANGES: count.default(1_000),
  MAX_WAITING_BYTES: count.default(4_000_000),
  CONNECTION_INIT_TIMEOUT: seconds.default(10),
  TYPING_TIMEOUT: seconds.default(6),
  PING_INTERVAL: seconds.default(12),
})

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
      // One machine plays a thousand users in a load test.
      connectionsPerUser: data.RATE_LIMITS === 'off' ? Infinity : data.MAX_CONNECTIONS_PER_USER,
      socketsPerAddress: data.RATE_LIMITS === 'off' ? Infinity : data.MAX_SOCKETS_PER_ADDRESS,
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
      mediaBytesPerUser: data.RATE_LIMITS === 'off' ? Infinity : data.MAX_MEDIA_BYTES_PER_USER,
      uploadsPerUser: data.RATE_LIMITS === 'off' ? Infinity : data.MAX_UPLOADS_PER_USER,
      uploadTimeout: data.UPLOAD_TIMEOUT * 1_000,
      waitingChanges: data.MAX_WAITING_CHANGES,
      waitingBytes: data.MAX_WAITING_BYTES,
      connectionInitTimeout: data.CONNECTION_INIT_TIMEOUT * 1_000,
      typingTimeout: data.TYPING_TIMEOUT * 1_000,
      pingInterval: data.PING_INTERVAL * 1_000,
    },
  }
}

function isListOfProxies(list: string[]): boolean {
  try {
    compileProxies(list)
    return true
  } catch {
    return false
  }
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text
}

function logFileOf(data: z.infer<typeof settings>): LogFileSettings | undefined {
  return data.LOG_FILE ? { path: data.LOG_FILE, bytes: data.LOG_FILE_BYTES, files: data.LOG_FILES } : undefined
}

function metricsReadersOf(data: z.infer<typeof settings>): MetricsReaders | null {
  const { METRICS, METRICS_TOKEN, PUBLIC_URL, TRUST_PROXY } = data
  if (METRICS === 'off') return null
  if (METRICS_TOKEN) return { token: METRICS_TOKEN }
  if (METRICS) return METRICS === 'on' ? 'all' : 'local'
  // Behind a proxy on the same machine, everybody seems to ask from there.
  return PUBLIC_URL || TRUST_PROXY.length > 0 ? null : 'local'
}
