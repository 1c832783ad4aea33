import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { parseConfig, settings } from '../src/config.ts'
import { StartError } from '../src/errors.ts'

const example = readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8')

test('every setting has a default', () => {
  expect(parseConfig({})).toEqual({
    port: 8080,
    host: '127.0.0.1',
    databaseUrl: 'file:./data/chatserver.db',
    databaseConnections: 20,
    publicUrl: undefined,
    jwtSecret: undefined,
    logLevel: 'info',
    metricsReaders: 'local',
    seedUsers: true,
    sharedExecution: true,
    limits: {
      subscriptionsPerSocket: 100,
      operationsPerSocket: 100,
      connectionsPerUser: 50,
      socketsPerAddress: 500,
      messageBytes: 1_000_000,
      mediaBytes: 25_000_000,
      uploadsPerUser: 4,
      uploadTimeout: 240_000,
      waitingChanges: 1_000,
      waitingBytes: 4_000_000,
      connectionInitTimeout: 10_000,
      typingTimeout: 6_000,
      pingInterval: 12_000,
    },
  })
})

test('the environment decides', () => {
  const jwtSecret = 'a secret of at least 32 characters'
  expect(
    parseConfig({
      PORT: '0',
      HOST: '::',
      DATABASE_URL: 'postgresql://chat@db/chat',
      DATABASE_CONNECTIONS: '4',
      REDIS_URL: 'redis://redis:6379',
      MEDIA_FOLDER: '/mnt/uploads',
      PUBLIC_URL: 'https://chat.example.com/',
      JWT_SECRET: jwtSecret,
      LOG_LEVEL: 'debug',
      LOG_FILE: '/var/log/chat.log',
      LOG_FILE_BYTES: '1000',
      LOG_FILES: '2',
      METRICS_TOKEN: 'token-for-metrics',
      SEED_USERS: 'false',
      RATE_LIMITS: 'off',
      SHARED_EXECUTION: 'off',
      PING_INTERVAL: '0.5',
    }),
  ).toEqual({
    port: 0,
    host: '::',
    databaseUrl: 'postgresql://chat@db/chat',
    databaseConnections: 4,
    redisUrl: 'redis://redis:6379',
    mediaFolder: '/mnt/uploads',
    publicUrl: 'https://chat.example.com',
    jwtSecret,
    logLevel: 'debug',
    logFile: { path: '/var/log/chat.log', bytes: 1_000, files: 2 },
    metricsReaders: { token: 'token-for-metrics' },
    seedUsers: false,
    sharedExecution: false,
    limits: {
      ...parseConfig({}).limits,
      connectionsPerUser: Infinity,
      socketsPerAddress: Infinity,
      uploadsPerUser: Infinity,
      pingInterval: 500,
    },
  })
})

test('production gets no demo users unless they are asked for', () => {
  expect(parseConfig({ NODE_ENV: 'production' }).seedUsers).toBe(false)
  expect(parseConfig({ NODE_ENV: 'production', SEED_USERS: 'true' }).seedUsers).toBe(true)
})

test.each([
  ['PORT', 'http'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '80.5'],
  ['DATABASE_URL', './data/chatserver.db'],
  ['DATABASE_URL', 'file:'],
  ['REDIS_URL', 'localhost:6379'],
  ['REDIS_URL', 'http://localhost'],
  ['PUBLIC_URL', 'chat.example.com'],
  ['PUBLIC_URL', 'ftp://chat.example.com'],
  ['PUBLIC_URL', 'https://chat.example.com/?x'],
  ['JWT_SECRET', 'too short'],
  ['LOG_LEVEL', 'loud'],
  ['SEED_USERS', 'maybe'],
  ['RATE_LIMITS', 'some'],
  ['SHARED_EXECUTION', 'some'],
  ['MAX_SUBSCRIPTIONS_PER_SOCKET', '0'],
  ['MAX_MESSAGE_BYTES', '1000'],
  ['MAX_MEDIA_BYTES', '0'],
  ['UPLOAD_TIMEOUT', '300'],
  ['PING_INTERVAL', 'often'],
])('%s can’t be %j', (name, value) => {
  const parse = () => parseConfig({ [name]: value })
  expect(parse).toThrow(StartError)
  expect(parse).toThrow(new RegExp(`^Wrong setting: ${name}: .+$`))
})

test('Redis is refused where there can be but one node', () => {
  const parse = () => parseConfig({ REDIS_URL: 'rediss://:secret@redis.example.com' })
  expect(parse).toThrow(StartError)
  expect(parse).toThrow(/^REDIS_URL .+ SQLite/)
})

test('all wrong settings are named at once, in one line', () => {
  expect(() => parseConfig({ PORT: 'http', LOG_LEVEL: 'loud' })).toThrow(/^Wrong setting: PORT: .+; LOG_LEVEL: .+$/)
})

test('.env.example lists every setting, explained, with its default', () => {
  const listed = parseEnv(example)
  expect(Object.keys(listed).toSorted()).toEqual(Object.keys(settings.shape).toSorted())
  expect(parseConfig(listed)).toEqual(parseConfig({}))

  const blocks = example.trim().split('\n\n').slice(1)
  for (const block of blocks) expect(block).toMatch(/^# .+\n[A-Z_]+=.*$/)
  expect(blocks).toHaveLength(Object.keys(settings.shape).length)
})
