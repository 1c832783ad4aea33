import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { foundOrThrow } from './needs.ts'
import { insist } from './patience.ts'
import { type AtEnd, type ServerProgram, startProgram } from './server-program.ts'

export interface HaproxyServer extends ServerProgram {
  /** Where clients find it. */
  readonly url: string
  /** What its runtime API answers: `show stat`, or `disable server nodes/a`. */
  ask(command: string): Promise<string>
  /** Goes over to another configuration, or the same anew; connections that there are stay where they are. */
  reload(configuration?: string): Promise<void>
}

export interface HaproxyOptions {
  /** Variables that the configuration names; `PORT`, where its frontend is to listen, is there by itself. */
  env?: Record<string, string>
  /** Called with what ends the server; with the running test by default. */
  atEnd?: AtEnd
}

/** Starts an HAProxy of the running test's own; it ends with the test. `configuration` is what its file holds. */
export async function startHaproxy(
  configuration: string,
  { env = {}, atEnd }: HaproxyOptions = {},
): Promise<HaproxyServer> {
  const haproxy = foundOrThrow('haproxy')
  const server = await startProgram(
    {
      name: 'haproxy',
      // A master and its worker: the one that can reload. Several files are read as one.
      command(_port, folder) {
        const files = ['admin.cfg', 'haproxy.cfg'].flatMap((name) => ['-f', join(folder, name)])
        return [haproxy, '-W', '-S', join(folder, 'master'), ...files]
      },
      async prepare(folder, port) {
        const variables = Object.entries({ ...env, PORT: String(port) })
        const lines = [
          'global',
          `stats socket ${join(folder, 'admin')} level admin`,
          ...variables.map(([name, value]) => `setenv ${name} "${value}"`),
        ]
        await writeFile(join(folder, 'admin.cfg'), `${lines.join('\n')}\n`)
        await writeFile(join(folder, 'haproxy.cfg'), configuration)
      },
      ready: /Loading success/,
      // Until its loop runs, HAProxy drops connections there, and SIGUSR2 too.
      settled: (folder) => insist(() => askAt(join(folder, 'master'), 'show proc')),
      stopSignal: 'SIGTERM',
      endSignal: 'SIGKILL',
    },
    atEnd,
  )
  return {
    ...server,
    url: `http://127.0.0.1:${server.port}`,
    ask: (command) => askAt(join(server.folder, 'admin'), command),
    async reload(next) {
      if (next) await writeFile(join(server.folder, 'haproxy.cfg'), next)
      await server.signalAndWait('SIGUSR2')
    },
  }
}

function askAt(path: string, command: string): Promise<string> {
  const socket = connect(path)
  socket.end(`${command}\n`)
  return text(socket)
}
