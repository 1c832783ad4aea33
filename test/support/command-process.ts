import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { settings } from '../../src/settings.ts'
import { notePrinted } from './printed.ts'

const SCRIPTS = join(import.meta.dirname, '../../scripts')

/** One of the project's commands, in a process of its own that goes with the running test. */
export interface CommandProcess {
  readonly exited: Promise<{ code: number | null; stdout: string; stderr: string }>
  /** Resolves once what it has printed matches. Rejects where it ends without. */
  hasPrinted(pattern: RegExp): Promise<void>
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
  const exited = once(child, 'close').then(([code]) => {
    notePrinted(stdout + stderr)
    return { code, stdout, stderr }
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })

  async function hasPrinted(pattern: RegExp) {
    while (!pattern.test(stdout)) {
      const more = once(child.stdout, 'data')
      const result = await Promise.race([more, exited])
      if ('stderr' in result && !pattern.test(stdout)) throw new Error(`It ended without ${pattern}: ${stderr}`)
    }
  }

  return { exited, hasPrinted, kill: () => void child.kill('SIGKILL') }
}
