import { compile as compileProxies } from 'proxy-addr'
import { z } from 'zod'
import { rateSettings } from './rate-limits.ts'

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

export type Settings = z.infer<typeof settings>

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
