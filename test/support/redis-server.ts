import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { foundOrThrow } from './needs.ts'
import { type AtEnd, type ServerProgram, startProgram } from './server-program.ts'

/** A Redis, or Valkey, that keeps nothing when it ends. */
export interface RedisServer extends ServerProgram {
  /** For `REDIS_URL`; the same after a restart. */
  readonly url: string
}

export interface RedisOptions {
  /** As on the command line. */
  settings?: string[]
  /** Called with what ends the server; with the running test by default. */
  atEnd?: AtEnd
}

/** Starts a Redis of the running test's own; it ends with the test. */
export async function startRedis({ settings = [], atEnd }: RedisOptions = {}): Promise<RedisServer> {
  const file = foundOrThrow('redis')
  const server = await startProgram(
    {
      name: 'redis',
      command: (_port, folder) => [file, join(folder, 'redis.conf'), ...settings],
      prepare: (folder, port) => writeFile(join(folder, 'redis.conf'), configuration(port)),
      ready: /Ready to accept connections/,
      stopSignal: 'SIGTERM',
      endSignal: 'SIGKILL',
    },
    atEnd,
  )
  return { ...server, url: `redis://127.0.0.1:${server.port}` }
}

const configuration = (port: number) => `
  bind 127.0.0.1
  port ${port}
  save ""
  appendonly no
  daemonize no
`
