import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settings } from '../../src/settings.ts'
import type { Cores } from './machine.ts'

const ROOT = join(import.meta.dirname, '../..')
const FLAGS = [
  '--disable-warning=ExperimentalWarning',
  ...['require-node', 'compile-cache', 'end-with-npm'].map(
    (name) => `--import=${join(ROOT, 'scripts', `${name}.mjs`)}`,
  ),
]

export interface Process {
  readonly pid: number
  /** The first address that it prints. Rejects where it ends without one. */
  readonly url: Promise<string>
  /** Asks the process to do something, and resolves with its answer. One at a time. */
  ask(question: object): Promise<unknown>
  signal(name: NodeJS.Signals): void
  stop(): Promise<void>
  readonly exited: Promise<void>
}

export interface StartOptions {
  /** On top of this process' environment, without the settings of a server. */
  env?: Record<string, string>
  /** Further ones for Node. */
  flags?: string[]
  /** Lets it run on all cores. */
  anyCore?: boolean
  /** Without the flags of `npm start`. */
  bare?: boolean
}

/** The processes and files of a run. They go when it ends, whatever ends it. */
export interface Workplace {
  readonly folder: string
  /** How many processes there are. */
  readonly running: number
  /**
   * Starts a program of this project with the flags of `npm start`, on the servers' core.
   * @param program its path in the project
   */
  start(program: string, options?: StartOptions): Process
  /** Ends every process and removes the folder. */
  clear(): void
}

export function createWorkplace(cores: Cores | null): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'chatserver-bench-'))
  const children = new Set<ChildProcess>()
  const inherited = Object.entries(process.env).filter(([name]) => !(name in settings.shape))

  function clear() {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }

  return {
    folder,
    clear,
    get running() {
      return children.size
    },
    start(program, { env = {}, flags = [], anyCore = false, bare = false } = {}) {
      const node = [process.execPath, ...(bare ? [] : FLAGS), ...flags, join(ROOT, program)]
      const all = cores && `${cores.server},${cores.load}`
      const [command = '', ...args] = cores ? ['taskset', '-c', anyCore ? String(all) : cores.server, ...node] : node
      const child = spawn(command, args, {
        cwd: folder,
        env: { ...Object.fromEntries(inherited), PORT: '0', ...env },
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      })
      children.add(child)
      child.once('exit', () => children.delete(child))
      return toProcess(child)
    },
  }
}

function toProcess(child: ChildProcess): Process {
  const url = Promise.withResolvers<string>()
  url.promise.catch(() => {})
  let stdout = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text
    const [address] = /http:\/\/[\d.:]+/.exec(stdout) ?? []
    if (address) url.resolve(address)
  })
  const exited = once(child, 'exit').then(() => {})
  void exited.then(() => url.reject(new Error(`A server ended without having listened: ${stdout}`)))

  return {
    pid: child.pid ?? 0,
    url: url.promise,
    exited,
    async ask(question) {
      const answered = Promise.race([once(child, 'message'), exited.then(() => Promise.reject(new Error('It ended')))])
      child.send(question)
      const [answer] = await answered
      return answer
    },
    signal: (name) => void child.kill(name),
    async stop() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
