import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { foundOrThrow } from './needs.ts'
import { insist } from './patience.ts'
import { quietPort } from './quiet-port.ts'
import type { ReverseProxy } from './reverse-proxy.ts'
import { startProgram } from './server-program.ts'

const SITE = join(import.meta.dirname, '../../deploy/Caddyfile')

/** It asks nobody for certificates, adds none of its own to the machine's, and has its log in the folder. */
function hereAlone(site: string, folder: string): string {
  const options = ['admin off', 'auto_https disable_redirects', 'skip_install_trust']
  const log = `log {\n\t\toutput file ${join(folder, 'log')}`
  const changed = site.replace('{\n\tlog {', `{\n${options.join('\n')}\n${log}`)
  if (changed === site) throw new Error('deploy/Caddyfile doesn’t begin with its log any more.')
  return changed
}

/** Starts a Caddy of the running test's own with deploy/Caddyfile; it ends with the test. @param node as host:port */
export async function startCaddy(node: string): Promise<ReverseProxy> {
  const caddy = foundOrThrow('caddy')
  const tlsPort = await quietPort()
  const server = await startProgram({
    name: 'caddy',
    command: (port, folder) => [
      'env',
      `HOME=${folder}`,
      `XDG_DATA_HOME=${folder}`,
      `XDG_CONFIG_HOME=${folder}`,
      `SITE=http://127.0.0.1:${port}, https://localhost:${tlsPort}`,
      `NODES=${node}`,
      ...[caddy, 'run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'],
    ],
    prepare: async (folder) => writeFile(join(folder, 'Caddyfile'), hereAlone(await readFile(SITE, 'utf8'), folder)),
    ready: /using provided configuration/,
    // Its log goes elsewhere from there on, and the certificate comes in its own time.
    settled: () => insist(() => shakeHands(tlsPort)),
    stopSignal: 'SIGTERM',
    endSignal: 'SIGKILL',
  })
  return {
    url: `http://127.0.0.1:${server.port}`,
    tlsUrl: `https://localhost:${tlsPort}`,
    logs: () => readFile(join(server.folder, 'log'), 'utf8').catch(() => ''),
  }
}

async function shakeHands(port: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false })
  await once(socket, 'secureConnect').finally(() => socket.destroy())
}
