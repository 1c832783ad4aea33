import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { foundOrThrow } from './needs.ts'
import { type AtEnd, type ServerProgram, startProgram } from './server-program.ts'

const run = promisify(execFile)

/** A PostgreSQL that lets everybody in. */
export interface PostgresServer extends ServerProgram {
  /** Of the database `postgres`; the same after a restart. */
  readonly url: string
  /** The URL of another database there, which need not be yet. */
  urlOf(database: string): string
}

export interface PostgresOptions {
  /** Whether a commit is on disk, as in production; without, many small tests are much faster. */
  fsync?: boolean
  /** Called with what ends the server; with the running test by default. */
  atEnd?: AtEnd
}

/** Starts a PostgreSQL of the running test's own; it ends with the test. */
export async function startPostgres({ fsync = true, atEnd }: PostgresOptions = {}): Promise<PostgresServer> {
  const postgres = foundOrThrow('postgres')
  const user = await unprivilegedUser()
  const server = await startProgram(
    {
      name: 'postgres',
      command: (port, folder) => [postgres, '-D', join(folder, 'data'), '-p', String(port), ...options(fsync)],
      async prepare(folder) {
        const initdb = join(postgres, '../initdb')
        const given = ['--auth=trust', '--username=postgres', '--locale=C.UTF-8', '--encoding=UTF8', '--no-sync']
        await run(initdb, ['-D', join(folder, 'data'), ...given], { cwd: folder, ...user })
      },
      ready: /database system is ready to accept connections/,
      stopSignal: 'SIGINT', // doesn't wait for clients to go
      endSignal: 'SIGQUIT', // unlike SIGKILL, it gives the shared memory back
      user,
    },
    atEnd,
  )
  const urlOf = (database: string) => `postgresql://postgres@127.0.0.1:${server.port}/${encodeURIComponent(database)}`
  return { ...server, url: urlOf('postgres'), urlOf }
}

function options(fsync: boolean): string[] {
  return Object.entries({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    fsync: fsync ? 'on' : 'off',
    full_page_writes: fsync ? 'on' : 'off',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** PostgreSQL refuses to run as root: then it is Debian's user for it. Undefined where who we are will do. */
async function unprivilegedUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (what) => (await run('id', [what, 'postgres'])).stdout))
  return { uid: Number(uid), gid: Number(gid) }
}
