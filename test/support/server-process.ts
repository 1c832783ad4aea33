import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { settings } from '../../src/config.ts'

const ROOT = join(import.meta.dirname, '../..')

/** The server as `npm start` runs it, in a process of its own. */
export interface ServerProcess {
  /** Where it takes operations. Rejects where it ends without having listened. */
  readonly url: Promise<string>
  readonly exited: Promise<{ code: number | null; stdout: string; stderr: string }>
  kill(signal: 'SIGTERM' | 'SIGINT'): void
}

/**
 * @param folder that it runs in, and keeps its data in; gone from the running test's end on, as is the process
 * @param given the settings that the environment has; all others are left out, and the port is a free one
 */
export function startProcess(folder: string, given: Record<string, string> = {}): ServerProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !(name in settings.shape))
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      `--import=${join(ROOT, 'scripts/require-node.mjs')}`,
      join(ROOT, 'src/main.ts'),
    ],
    { cwd: folder, env: { ...Object.fromEntries(inherited), PORT: '0', ...given }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const url = Promise.withResolvers<string>()
  url.promise.catch(() => {})
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
    const [address] = /http:[^\s"]+/.exec(stdout) ?? []
    if (address) url.resolve(address)
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const exited = once(child, 'close').then(([code]) => {
    url.reject(new Error(`It ended without having listened: ${stderr}`))
    return { code, stdout, stderr }
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { url: url.promise, exited, kill: (signal) => void child.kill(signal) }
}
