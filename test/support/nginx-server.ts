import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { foundOrThrow } from './needs.ts'
import { quietPort } from './quiet-port.ts'
import type { ReverseProxy } from './reverse-proxy.ts'
import { startProgram } from './server-program.ts'

const SITE = join(import.meta.dirname, '../../deploy/nginx.conf')

/**
 * Starts an nginx of the running test's own with the site of deploy/nginx.conf, in whose place of a name, ports and
 * a certificate stand such that a test can have; it ends with the test.
 * @param node as host:port
 */
export async function startNginx(node: string): Promise<ReverseProxy> {
  const nginx = foundOrThrow('nginx')
  const tlsPort = await quietPort()
  const server = await startProgram({
    name: 'nginx',
    command: (_port, folder) => [nginx, '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'],
    async prepare(folder, port) {
      await mkdir(join(folder, 'temp'))
      makeCertificate(folder)
      const site = replaceAll(await readFile(SITE, 'utf8'), {
        'server 127.0.0.1:8080;': `server ${node};`,
        'listen 80;': `listen 127.0.0.1:${await quietPort()};`,
        'listen 443 ssl http2;': `listen 127.0.0.1:${tlsPort} ssl http2; listen 127.0.0.1:${port};`,
        '/etc/letsencrypt/live/chat.example.org/': `${folder}/`,
        '/var/log/nginx/': `${folder}/`,
      })
      await writeFile(join(folder, 'nginx.conf'), `${around(folder)} http { ${temporaryPaths} ${site} }`)
    },
    ready: /start worker process /,
    stopSignal: 'SIGTERM',
    endSignal: 'SIGKILL',
  })
  return {
    url: `http://127.0.0.1:${server.port}`,
    tlsUrl: `https://127.0.0.1:${tlsPort}`,
    logs: () => readFile(join(server.folder, 'chatserver.log'), 'utf8').catch(() => ''),
  }
}

const around = (folder: string) => `
  daemon off;
  pid ${folder}/pid;
  error_log stderr notice;
  ${process.getuid?.() === 0 ? 'user root;' : ''}
  events { worker_connections 1024; }`

const temporaryPaths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  .map((kind) => `${kind}_temp_path temp/${kind};`)
  .join(' ')

/** @throws Error where the site doesn't hold one of them any more */
function replaceAll(site: string, replacements: Record<string, string>): string {
  let replaced = site
  for (const [from, to] of Object.entries(replacements)) {
    if (!replaced.includes(from)) throw new Error(`deploy/nginx.conf has no “${from}”.`)
    replaced = replaced.replaceAll(from, to)
  }
  return replaced
}

function makeCertificate(folder: string): void {
  const [key, certificate] = ['privkey.pem', 'fullchain.pem'].map((name) => join(folder, name)) as [string, string]
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  const args = ['req', ...kind, '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', certificate]
  const { status, stderr } = spawnSync(foundOrThrow('openssl'), args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}
