import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { settings } from '../../src/config.ts'

const SCRIPTS = join(import.meta.dirname, '../../scripts')

/** One of the project's commands, in a process of its own that goes with the running test. */
export interface CommandProcess {
  readonly exited: Promise<{ code: number | null; stdout: string; stderr: string }>
  /** What it prints, as it comes. */
  readonly printed: AsyncIterable<string>
  kill(): void
}

/**
 * @param words after `npm run`: the command, then its arguments
 * @param given the settings that it has
 * @param wrapper that runs it
 */
export function startCommand(
  [command, ...args]: [string, ...string[]],
  given: Record<string, string>,
  wrapper: string[] = [],
): CommandProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !(name in settings.shape))
  const script = join(SCRIPTS, `${command}.ts`)
  const words = [...wrapper, process.execPath, '--disable-warning=ExperimentalWarning', script, ...args]
  const child = spawn(words[0] ?? '', words.slice(1), {
    env: { ...Object.fromEntries(inherited), ...given },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const exited = once(child, 'close').then(([code]) => ({ code, stdout, stderr }))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { exited, printed: child.stdout, kill: () => void child.kill('SIGKILL') }
}
