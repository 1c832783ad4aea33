import { readFile } from 'node:fs/promises'
import { poll } from './patience.ts'

/** A process and its children. Linux alone tells of the latter. */
export async function familyOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return [pid, ...(children.match(/\d+/g) ?? []).map(Number)]
}

/** Sends a signal to all of them that haven't ended. */
export function signalAll(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {}
  }
}

/** Resolves when each of them has ended, or been stopped where that will do. */
export async function untilQuiet(pids: number[], { stopped }: { stopped: boolean }): Promise<void> {
  // An ended one that its parent hasn't collected holds nothing any more.
  const quiet = stopped ? 'ZXT' : 'ZX'
  const areQuiet = async () => (await Promise.all(pids.map(stateOf))).every((state) => quiet.includes(state))
  await poll(areQuiet, true)
}

/** The letter for it in proc_pid_status(5): `T` is stopped; empty where there is no such process, or no Linux. */
export async function stateOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return /^State:\s+(\w)/m.exec(status)?.[1] ?? ''
}
