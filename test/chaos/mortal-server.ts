import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { quietPort } from '../support/quiet-port.ts'
import { type ServerProcess, startProcess } from '../support/server-process.ts'
import { temporaryFolder } from '../support/testkit.ts'

/** A server that can be ended in any way, and started anew on the same database and port. */
export interface MortalServer {
  /** Where it takes operations, in every life. */
  readonly url: string
  readonly databasePath: string
  /** The life that it lives, or lived last. */
  readonly process: ServerProcess
  /** Begins the next life. */
  start(): ServerProcess
  /** Ends this life at once, as a crash does. */
  kill(): Promise<void>
  /** What /ready answers, asked on a new connection: 200 or 503, or null where there is no answer. */
  ready(): Promise<number | null>
  /** Bytes of memory that it holds; null where the system doesn't tell. */
  memory(): Promise<number | null>
}

/**
 * @param command that runs the server, where it isn't the plain one
 * @param folder that it runs in, with its data
 * @param settings beside those that a test of trouble needs
 */
export async function startMortalServer({
  command,
  folder,
  settings: given = {},
}: {
  command?: [string, ...string[]]
  folder?: string
  settings?: Record<string, string>
} = {}): Promise<MortalServer> {
  const home = folder ?? (await temporaryFolder())
  const databasePath = join(home, 'chat.db')
  const port = await quietPort()
  const settings = {
    PORT: String(port),
    DATABASE_URL: `file:${databasePath}`,
    SEED_USERS: 'false',
    RATE_LIMITS: 'off',
    ...given,
  }
  const start = () => startProcess(home, settings, command)
  let life = start()
  const url = await life.url

  return {
    url,
    databasePath,
    get process() {
      return life
    },
    start() {
      life = start()
      return life
    },
    async kill() {
      life.kill('SIGKILL')
      await life.exited
    },
    async ready() {
      const options = { headers: { connection: 'close' } }
      const response = await fetch(new URL('/ready', url), options).catch(() => null)
      await response?.body?.cancel()
      return response?.status ?? null
    },
    async memory() {
      const status = await readFile(`/proc/${life.pid}/status`, 'utf8').catch(() => '')
      const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
      return kilobytes ? Number(kilobytes) * 1_024 : null
    },
  }
}
