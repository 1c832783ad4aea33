import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { settings } from '../../src/settings.ts'
import { findProgram } from '../support/find-program.ts'
import { until } from '../support/patience.ts'

/** A shell that a reader pastes a page's blocks into, one after another. */
export interface Terminal {
  /** Begins to run a block. What still runs there is interrupted before, as by Ctrl-C. */
  begin(block: string): Promise<void>
  /** Types into what runs there. */
  type(text: string): void
  /** Resolves when what was begun has ended. */
  idle(): Promise<void>
  /** Takes so many lines of what has been printed, once they are there; fewer where they don't come. */
  take(lines: number): Promise<string>
  /** Takes what has been printed up to such a line, once it is there; all, where it doesn't come. */
  takeUpTo(isLine: (line: string) => boolean): Promise<string>
  /** Takes all that has been printed by now. */
  takeAll(): string
}

const STAND_IN = join(import.meta.dirname, 'websocat.ts')
const ENDED = '\u0004' // on a line of its own, which no block prints

/**
 * @param folder that it works in
 * @param environment what its programs find there besides
 */
export function openTerminal(folder: string, environment: Record<string, string>): Terminal {
  const inherited = Object.entries(process.env).filter(([name]) => !(name in settings.shape))
  // In a group of its own, so that an interrupt reaches what runs in it, and nobody else.
  const shell = spawn('bash', ['--norc'], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...environment },
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const closed = once(shell, 'close')
  const screen = new EventEmitter()
  let printed = ''
  let running = 0
  let begun = 0
  shell.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text
    running -= printed.split(`${ENDED}\n`).length - 1
    printed = printed.replaceAll(`${ENDED}\n`, '')
    screen.emit('more')
  })
  // With a trap of its own the shell outlives the interrupt that ends what it runs.
  shell.stdin.write('exec 2>&1; trap : INT\n')
  if (!findProgram('websocat')) shell.stdin.write(`websocat() { node '${STAND_IN}' "$@"; }\n`)
  onTestFinished(async () => {
    signal('SIGKILL')
    await closed
  })

  function signal(name: NodeJS.Signals): void {
    if (shell.pid && shell.exitCode === null && shell.signalCode === null) process.kill(-shell.pid, name)
  }

  function takeLines(count: number): string {
    const lines = printed.split('\n')
    printed = lines.slice(count).join('\n')
    return `${lines.slice(0, count).join('\n')}\n`
  }

  const idle = () => until(screen, 'more', () => running === 0)

  return {
    async begin(block) {
      if (running > 0) {
        signal('SIGINT')
        await idle()
      }
      const script = join(folder, `.block-${shell.pid}-${++begun}`)
      await writeFile(script, block)
      running++
      shell.stdin.write(`. ${script}; echo ${ENDED}\n`)
    },
    type: (text) => void shell.stdin.write(text),
    idle,
    async take(lines) {
      const isThere = () => printed.split('\n').length > lines
      await until(screen, 'more', isThere).catch(() => {}) // what is missing shows in the comparison
      return takeLines(lines)
    },
    async takeUpTo(isLine) {
      const ends = () => printed.split('\n').slice(0, -1).findIndex(isLine)
      await until(screen, 'more', () => ends() >= 0).catch(() => {})
      return takeLines(ends() < 0 ? printed.split('\n').length - 1 : ends() + 1)
    },
    takeAll() {
      const taken = printed
      printed = ''
      return taken
    },
  }
}
