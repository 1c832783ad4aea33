import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { onTestFinished } from 'vitest'

/** A real Redis that keeps nothing, on a port of its own. */
export interface RedisServer {
  readonly url: string
  /** Ends it as a crash would, or starts it again at the same address. */
  kill(): Promise<void>
  start(): Promise<void>
  /** It keeps its connections and takes new ones, and answers nothing, until it is thawed. */
  freeze(): void
  thaw(): void
}

/**
 * Started, and gone when the running test ends.
 * @param settings as on the command line
 */
export async function startRedis(...settings: string[]): Promise<RedisServer> {
  const port = await freePort()
  let child: ChildProcess | null = null

  async function start(): Promise<void> {
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...settings]
    const started = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] })
    child = started
    let printed = ''
    for await (const text of started.stdout.iterator({ destroyOnReturn: false })) {
      printed += text
      if (printed.includes('Ready to accept connections')) break
    }
    if (started.exitCode !== null) throw new Error(`redis-server has ended: ${printed}`)
    started.stdout.resume()
  }

  async function kill(): Promise<void> {
    if (!child) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    child = null
    await exited
  }

  await start()
  onTestFinished(kill)
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
