// npm run dev: the server, restarted when its sources change, and the web client with hot reload, on a port of its own.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createServer } from 'vite'
import { readConfig } from '../src/config.ts'

// Where the web client's requests are passed on to.
process.env['PORT'] = String(readConfig().port)

const server = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--watch', 'src/main.ts'], {
  stdio: 'inherit',
})
const web = await createServer({ configFile: join(import.meta.dirname, '../web/vite.config.ts') })
await web.listen()
console.log('The web client, reloaded as it changes:')
web.printUrls()

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.kill(signal))
server.once('exit', () => void web.close().then(() => process.exit()))
