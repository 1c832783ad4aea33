import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { guard } from './guard.ts'
import { familyOf, signalAll, untilQuiet } from './process-family.ts'
import { quietPort } from './quiet-port.ts'

/** A server that isn't ours, on a port of its own on 127.0.0.1, to be troubled by a test in any way. */
export interface ServerProgram {
  readonly port: number
  /** Its configuration and data, which stay until the end. */
  readonly folder: string
  /** Ends it and all its processes at once, as a power cut does. */
  kill(): Promise<void>
  /** Ends it in its orderly way; clients are cut off. */
  stop(): Promise<void>
  /** Starts it on the same port and data, ending it in its orderly way first where it runs; resolves when it serves. */
  restart(): Promise<void>
  /** Stops its processes where they stand: connections stay, and nobody answers on them. */
  freeze(): Promise<void>
  /** Lets what was frozen go on. */
  thaw(): void
  /** Sends it a signal; resolves once it has said that it is ready, after that. */
  signalAndWait(signal: NodeJS.Signals): Promise<void>
}

/** Called with what ends a server: `onTestFinished`, or what keeps it for later. */
export type AtEnd = (end: () => Promise<void>) => void

/** What differs between the kinds of servers. */
export interface ProgramKind {
  name: string
  /** @param folder where it may keep what it likes, empty at first */
  command(port: number, folder: string): [string, ...string[]]
  /** Done once, before the first start. */
  prepare?(folder: string, port: number): Promise<void>
  /** What it prints when it serves. */
  ready: RegExp
  /** Resolves when it takes signals too, where it says that it is ready before it does. */
  settled?(folder: string): Promise<unknown>
  /** Ends it in its orderly way. */
  stopSignal: NodeJS.Signals
  /** Ends it for good, and may lose data, but leaves nothing behind in the system. */
  endSignal: NodeJS.Signals
  /** Whom it runs as, where it can't run as who we are. */
  user?: { uid: number; gid: number } | undefined
}

/**
 * Starts a server; resolves when it serves.
 * @throws with what the program said, where it ends instead
 */
export async function startProgram(kind: ProgramKind, atEnd: AtEnd = onTestFinished): Promise<ServerProgram> {
  const { name, user, stopSignal, endSignal } = kind
  const folder = await mkdtemp(join(tmpdir(), `chatserver-${name}-`))
  const port = await quietPort()
  let child: ChildProcess | undefined
  let frozen: number[] = []

  atEnd(async () => {
    await end(endSignal)
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  })

  async function run(): Promise<void> {
    const [file, ...args] = kind.command(port, folder)
    const begun = spawn(file, args, { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...user })
    child = begun
    const failed = once(begun, 'error').then(([error]) => Promise.reject(error))
    const dismiss = begun.pid === undefined ? () => {} : guard(begun.pid, endSignal, folder)
    begun.once('close', () => {
      if (child === begun) child = undefined
      dismiss()
    })
    await Promise.race([said(begun), failed])
  }

  /** Resolves when the program says that it is ready. */
  async function said(speaker: ChildProcess): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let text = ''
    function listen(data: Buffer) {
      text += data
      if (kind.ready.test(text)) resolve()
    }
    function giveUp() {
      reject(new Error(`${name} ended without having been ready: ${text}`))
    }
    speaker.stdout?.on('data', listen)
    speaker.stderr?.on('data', listen)
    speaker.once('close', giveUp)
    await promise.finally(() => {
      speaker.stdout?.off('data', listen).resume()
      speaker.stderr?.off('data', listen).resume()
      speaker.off('close', giveUp)
    })
    await kind.settled?.(folder)
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child) return
    const closed = once(child, 'close')
    await freeze()
    const family = frozen
    if (signal === 'SIGKILL') signalAll(family, signal)
    else child.kill(signal)
    thaw()
    await closed
    await untilQuiet(family, { stopped: false })
  }

  async function freeze(): Promise<void> {
    if (!child?.pid) return
    // The parent first: then it makes no more children while they are looked up.
    child.kill('SIGSTOP')
    frozen = await familyOf(child.pid)
    signalAll(frozen, 'SIGSTOP')
    await untilQuiet(frozen, { stopped: true })
  }

  function thaw(): void {
    signalAll(frozen, 'SIGCONT')
    frozen = []
  }

  if (user) await chown(folder, user.uid, user.gid)
  await kind.prepare?.(folder, port)
  await run()
  return {
    port,
    folder,
    kill: () => end('SIGKILL'),
    stop: () => end(stopSignal),
    async restart() {
      await end(stopSignal)
      await run()
    },
    freeze,
    thaw,
    async signalAndWait(signal) {
      if (!child) throw new Error(`${name} doesn't run`)
      const ready = said(child)
      child.kill(signal)
      await ready
    },
  }
}
