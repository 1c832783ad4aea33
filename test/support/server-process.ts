import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { settings } from '../../src/settings.ts'
import { notePrinted } from './printed.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What `npm start` runs. */
export const COMMAND: [string, ...string[]] = [
  process.execPath,
  '--disable-warning=ExperimentalWarning',
  ...['require-node', 'compile-cache', 'end-with-npm'].map(
    (name) => `--import=${join(ROOT, 'scripts', `${name}.mjs`)}`,
  ),
  join(ROOT, 'src/main.ts'),
]

/** The server as `npm start` runs it, in a process of its own. */
export interface ServerProcess {
  /** Where it takes operations. Rejects where it ends without having listened. */
  readonly url: Promise<string>
  readonly exited: Promise<{ code: number | null; stdout: string; stderr: string }>
  /** Its id, or that of the command that runs it. */
  readonly pid: number | undefined
  kill(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void
}

/**
 * @param folder that it runs in, and keeps its data in; gone from the running test's end on, as is the process
 * @param given the settings that the environment has; all others are left out, and the port is a free one
 * @param command that runs the server
 */
export function startProcess(
  folder: string,
  given: Record<string, string> = {},
  [command, ...args] = COMMAND,
): ServerProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !(name in settings.shape))
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), PORT: '0', ...given },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
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
    notePrinted(stdout + stderr)
    url.reject(new Error(`It ended without having listened: ${stderr}`))
    return { code, stdout, stderr }
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { url: url.promise, exited, pid: child.pid, kill: (signal) => void child.kill(signal) }
}
