import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { foundOrThrow } from '../support/needs.ts'
import { until } from '../support/patience.ts'
import { createTerminalEmulator } from './terminal-emulator.ts'

const ROOT = join(import.meta.dirname, '../..')
const SIZE = { columns: 80, rows: 24 }

/** Where a client keeps its sessions, and what else its environment says. */
export interface ChatSettings {
  url: string
  /** Its sessions' folder. */
  config: string
  password?: string
  env?: Record<string, string>
}

/** Somebody at a terminal, with the client on it. */
export interface ChatTerminal {
  /** What he sees, and what has scrolled away. */
  text(): string
  /** What others made his terminal do. */
  readonly strange: readonly string[]
  /** All that came, as it came. */
  output(): string
  /** Types a line, and Enter. */
  say(line: string): void
  /** Types without Enter; pastes where it is marked so. */
  type(keys: string): void
  /** Resolves once the screen shows that. */
  shows(what: string | RegExp): Promise<void>
  /** How often the screen shows that. */
  times(what: string): number
  readonly exited: Promise<number | null>
}

/** The environment of a client: nothing of whoever runs the tests. */
export function chatEnvironment({ url, config, password, env = {} }: ChatSettings): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || /^(NO_COLOR|FORCE_COLOR|CHAT_|NODE_)/.test(name) ? [] : [[name, value]],
  )
  return {
    ...Object.fromEntries(inherited),
    TERM: 'xterm',
    CHAT_URL: url,
    XDG_CONFIG_HOME: config,
    ...(password && { CHAT_PASSWORD: password }),
    ...env,
  }
}

/** The command line of a client. */
export function chatCommandLine(args: string[]): [string, ...string[]] {
  const cache = `--import=${join(ROOT, 'scripts/compile-cache.mjs')}`
  return [process.execPath, '--disable-warning=ExperimentalWarning', cache, join(ROOT, 'terminal/main.ts'), ...args]
}

/** Starts the client on a terminal of its own, which goes with the running test. */
export function startChatTerminal(args: string[], settings: ChatSettings): ChatTerminal {
  const emulator = createTerminalEmulator(SIZE)
  const events = new EventEmitter()
  const command = chatCommandLine(args).map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  const size = `stty cols ${SIZE.columns} rows ${SIZE.rows}`
  const child = spawn(foundOrThrow('terminal'), ['-qec', `${size}; exec ${command.join(' ')}`, '/dev/null'], {
    env: chatEnvironment(settings),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let output = ''
  let hasExited = false
  child.stdin.on('error', () => {})
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    emulator.write(text)
    events.emit('change')
  })
  const exited = once(child, 'close').then(([code]) => {
    hasExited = true
    events.emit('change')
    return code as number | null
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })

  return {
    text: emulator.text,
    strange: emulator.strange,
    output: () => output,
    say: (line) => void child.stdin.write(`${line}\r`),
    type: (keys) => void child.stdin.write(keys),
    async shows(what) {
      const isThere = () => (typeof what === 'string' ? emulator.text().includes(what) : what.test(emulator.text()))
      await until(events, 'change', () => isThere() || hasExited).catch(() => {})
      if (!isThere()) throw new Error(`The terminal never showed ${what}, but:\n${emulator.text()}`)
    },
    times: (what) => emulator.text().split(what).length - 1,
    exited,
  }
}
