import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { onTestFinished } from 'vitest'
import { until } from '../support/patience.ts'
import { type ChatSettings, chatCommandLine, chatEnvironment } from './chat-terminal.ts'

/** The client in a script: its input and output are pipes. */
export interface ChatProcess {
  /** Its output so far. */
  lines(): string[]
  /** The same, with --json. */
  events(): ChatEvent[]
  write(text: string): void
  endInput(): void
  /** Closes its output, as head does when it has enough. */
  stopReading(): void
  /** Resolves once that holds for its output. */
  has(condition: (lines: string[]) => boolean): Promise<void>
  interrupt(): void
  readonly exited: Promise<{ code: number | null; stderr: string }>
}

/** What the tests read of an event. */
export interface ChatEvent {
  event: string
  cursor?: string
  line?: number
  code?: string
  state?: string
  message?: { id: string; seq: number; content: string; sender: { username: string } }
}

/** Starts the client without a terminal, which goes with the running test. */
export function startChatProcess(args: string[], settings: ChatSettings): ChatProcess {
  const [file, ...words] = chatCommandLine(args)
  const child = spawn(file, words, { env: chatEnvironment(settings), stdio: ['pipe', 'pipe', 'pipe'] })
  const emitter = new EventEmitter()
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
    emitter.emit('output')
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  child.stdin.on('error', () => {})
  const exited = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const lines = () => stdout.split('\n').slice(0, -1)

  return {
    lines,
    events: () => lines().map((line) => JSON.parse(line)),
    write: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    stopReading: () => void child.stdout.destroy(),
    has: (condition) => until(emitter, 'output', () => condition(lines())),
    interrupt: () => void child.kill('SIGINT'),
    exited,
  }
}
