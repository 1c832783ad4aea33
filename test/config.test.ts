import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { parseConfig } from '../src/config.ts'
import { StartError } from '../src/errors.ts'
import { settings } from '../src/settings.ts'

const example = readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8')

test('every setting has a default', () => {
  expect(parseConfig({})).toEqual({
    port: 8080,
    host: '127.0.0.1',
    databaseUrl: 'file:./data/chatserver.db',
    databaseConnections: 20,
    publicUrl: undefined,
    corsOrigins: [],
    jwtSecret: undefined,
    logLevel: 'info',
    metricsReaders: 'local',
    seedUsers: true,
    introspection: true,
    graphiql: true,
    sharedExecution: true,
    trustedProxies: [],
    rates: {
      register: { points: 30, duration: 3_600_000 },
      login: { points: 30, duration: 600_000 },
      account: { points: 10, duration: 3_600_000 },
      refresh: { points: 300, duration: 60_000 },
      send: { points: 100, duration: 10_000 },
      conversation: { points: 1_000, duration: 10_000 },
      mutation: { points: 600, duration: 60_000 },
      subscribe: { points: 600, duration: 60_000 },
      search: { points: 300, duration: 60_000 },
      upload: { points: 300, duration: 600_000 },
      socket: { points: 1_000, duration: 60_000 },
      accept: { points: 500, duration: 1_000 },
      operation: { points: 3_000, duration: 60_000 },
      anonymous: { points: 600, duration: 60_000 },
    },
    limits: {
      subscriptionsPerSocket: 100,
      operationsPerSocket: 100,
      connectionsPerUser: 50,
      socketsPerAddress: 500,
      messageBytes: 1_000_000,
      tokens: 2_000,
      definitions: 100,
      depth: 20,
      aliases: 30,
      directives: 50,
      selections: 500,
      cost: 20_000,
      requestTimeout: 20_000,
      mediaBytes: 25_000_000,
      mediaBytesPerUser: 1_000_000_000,
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
      CORS_ORIGINS: 'https://app.example.com, http://localhost:5173',
      JWT_SECRET: jwtSecret,
      LOG_LEVEL: 'debug',
      LOG_FILE: '/var/log/chat.log',
      LOG_FILE_BYTES: '1000',
      LOG_FILES: '2',
      METRICS_TOKEN: 'token-for-metrics',
      SEED_USERS: 'false',
      INTROSPECTION: 'off',
      GRAPHIQL: 'off',
      RATE_LIMITS: 'off',
      TRUST_PROXY: 'loopback, 10.0.0.0/8',
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
    corsOrigins: ['https://app.example.com', 'http://localhost:5173'],
    jwtSecret,
    logLevel: 'debug',
    logFile: { path: '/var/log/chat.log', bytes: 1_000, files: 2 },
    metricsReaders: { token: 'token-for-metrics' },
    seedUsers: false,
    introspection: false,
    graphiql: false,
    sharedExecution: false,
    trustedProxies: ['loopback', '10.0.0.0/8'],
    rates: {},
    limits: {
      ...parseConfig({}).limits,
      connectionsPerUser: Infinity,
      socketsPerAddress: Infinity,
      mediaBytesPerUser: Infinity,
      uploadsPerUser: Infinity,
      pingInterval: 500,
    },
  })
})

test('production gets no demo users unless they are asked for', () => {
  expect(parseConfig({ NODE_ENV: 'production' }).seedUsers).toBe(false)
  expect(parseConfig({ NODE_ENV: 'production', SEED_USERS: 'true' }).seedUsers).toBe(true)
})

test('production tells nobody what the schema is unless it is asked to', () => {
  expect(parseConfig({ NODE_ENV: 'production' })).toMatchObject({ introspection: false, graphiql: false })
  const asked = { NODE_ENV: 'production', INTROSPECTION: 'on', GRAPHIQL: 'on' }
  expect(parseConfig(asked)).toMatchObject({ introspection: true, graphiql: true })
})

test('pages of all origins are welcome where the owner says so', () => {
  expect(parseConfig({ CORS_ORIGINS: '*' }).corsOrigins).toBe('*')
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
  ['CORS_ORIGINS', 'app.example.com'],
  ['CORS_ORIGINS', 'https://app.example.com/'],
  ['CORS_ORIGINS', 'https://app.example.com,*'],
  ['CORS_ORIGINS', 'null'],
  ['INTROSPECTION', 'yes'],
  ['GRAPHIQL', 'yes'],
  ['REQUEST_TIMEOUT', '300'],
  ['JWT_SECRET', 'too short'],
  ['LOG_LEVEL', 'loud'],
  ['SEED_USERS', 'maybe'],
  ['RATE_LIMITS', 'some'],
  ['SHARED_EXECUTION', 'some'],
  ['TRUST_PROXY', 'all'],
  ['TRUST_PROXY', '10.0.0.0/33'],
  ['LOGIN_RATE', '10'],
  ['LOGIN_RATE', '0/1m'],
  ['LOGIN_RATE', '10/1y'],
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

test('one rate can be lifted by itself', () => {
  const { send: _, ...others } = parseConfig({}).rates
  expect(parseConfig({ SEND_RATE: 'off', LOGIN_RATE: '5/2d' }).rates).toEqual({
    ...others,
    login: { points: 5, duration: 172_800_000 },
  })
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
