import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { inject, onTestFinished } from 'vitest'
import { type App, createApp, type GivenParts } from '../../src/app.ts'
import { type Config, parseConfig } from '../../src/config.ts'
import type { Limits } from '../../src/limits.ts'
import { type Client, createClient } from './client.ts'
import { graphql } from './graphql.ts'
import { newPostgresDatabase } from './postgres-database.ts'
import { noteSecret, printedLogger } from './printed.ts'
import { copyTemplate } from './template-database.ts'
import { requireToldErrors } from './told-errors.ts'

export { type Client, createClient } from './client.ts'
export { type Listener, SocketClosedError } from './live-client.ts'
export { RequestError } from './operation.ts'

/** Somebody signed in, at one device. */
export interface TestUser extends Client {
  id: string
  username: string
  password: string
  accessToken: string
  refreshToken: string
}

export interface TestServer {
  /** Where it takes operations, over HTTP; the same with `ws:` for sockets. */
  url: string
  databaseUrl: string
  /** For what no operation shows. */
  app: App
  /** Nobody signed in. */
  anonymous: Client
  /** A new user at his first device. */
  register(username: string): Promise<TestUser>
  /** Another device of a user. */
  login(user: Pick<TestUser, 'username' | 'password'>): Promise<TestUser>
  /** Whoever holds this token. */
  withToken(accessToken: string): Client
  stop(): Promise<void>
}

const registerTestUser = graphql(`
  mutation RegisterTestUser($input: RegisterInput!) {
    register(input: $input) { user { id username } accessToken refreshToken }
  }
`)

const loginTestUser = graphql(`
  mutation LoginTestUser($input: LoginInput!) {
    login(input: $input) { user { id username } accessToken refreshToken }
  }
`)

export interface TestSettings extends Partial<Omit<Config, 'limits'>> {
  limits?: Partial<Limits>
}

type SignedIn = Pick<TestUser, 'accessToken' | 'refreshToken'> & { user: Pick<TestUser, 'id' | 'username'> }

/**
 * Starts the real server on a free port, with a database of its own and no users; the running test
 * disposes of it, and of all its clients, when it ends.
 * @param settings what differs from that: the `databaseUrl` of a stopped server to start it again
 * @param logger for a test of what is logged; all else is kept for a look at the run's end
 * @param given for a node among others
 */
export async function startServer(
  settings: TestSettings = {},
  logger?: Logger,
  given?: GivenParts,
): Promise<TestServer> {
  const { SHARED_EXECUTION } = process.env
  const defaults = parseConfig({ PORT: '0', LOG_LEVEL: 'silent', SEED_USERS: 'false', SHARED_EXECUTION })
  const databaseUrl = settings.databaseUrl ?? (await newDatabase())
  const config: Config = {
    ...defaults,
    // All come from one address, hundreds of them.
    rates: {},
    // Each registration would wait 60 ms for a thread that gives way to everything else.
    passwordCost: 4,
    ...(!databaseUrl.startsWith('file:') && { mediaCache: await temporaryFolder() }),
    ...settings,
    databaseUrl,
    limits: { ...defaults.limits, ...settings.limits },
  }
  const app = await createApp(config, logger ?? printedLogger(), given)
  requireToldErrors()
  await noteKey(config)
  const clients: Client[] = []
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= app.stop()
    return stopped
  }
  onTestFinished(async () => {
    for (const client of clients) client.close()
    await stop()
  })
  const url = `${(await app.start()).url}/graphql`

  function withToken(accessToken: string | null) {
    const client = createClient(url, accessToken)
    clients.push(client)
    return client
  }
  const anonymous = withToken(null)

  function toTestUser({ user, accessToken, refreshToken }: SignedIn, password: string): TestUser {
    return { ...withToken(accessToken), ...user, password, accessToken, refreshToken }
  }

  return {
    url,
    databaseUrl: config.databaseUrl,
    app,
    anonymous,
    async register(username) {
      const password = `the password of ${username}`
      const { register } = await anonymous.request(registerTestUser, { input: { username, password } })
      return toTestUser(register, password)
    },
    async login({ username, password }) {
      const { login } = await anonymous.request(loginTestUser, { input: { login: username, password } })
      return toTestUser(login, password)
    },
    withToken,
    stop,
  }
}

/** The key of access tokens may show up nowhere either. */
async function noteKey({ jwtSecret, databaseUrl }: Config): Promise<void> {
  if (jwtSecret) noteSecret(jwtSecret)
  else if (databaseUrl.startsWith('file:')) noteSecret(await readFile(`${databaseUrl.slice(5)}.jwt-secret`, 'utf8'))
}

/** The URL of an empty database of the running test's own: SQLite's, or PostgreSQL's where the run asks for that. */
export async function newDatabase(): Promise<string> {
  return isOnPostgres() ? newPostgresDatabase() : newSqliteDatabase()
}

export async function newSqliteDatabase(): Promise<string> {
  const path = join(await temporaryFolder(), 'chat.db')
  await copyTemplate(inject('templateDatabase'), path)
  return `file:${path}`
}

function isOnPostgres(): boolean {
  return process.env['TEST_DATABASE'] === 'postgresql'
}

/** A folder that goes when the running test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chatserver-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}
