import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const TICK = 10_000 // µs: USER_HZ is 100 wherever Linux runs Node
const IDLE_TIME = 300 // ms
const PAGE = 4_096 // bytes

/** µs of CPU that a process has used, user and system, all its threads. Linux counts it in steps of 10 ms. */
export function cpuTime(pid: number): number {
  const fields = readStat(pid)
  return (Number(fields[11]) + Number(fields[12])) * TICK
}

function readStat(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The command's name, in parentheses, may hold spaces.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/**
 * µs of CPU that a process and its children have used, and those of its children that have ended; of a server that works
 * in several processes.
 */
export function familyCpuTime(pid: number): number {
  const own = readStat(pid)
  const ended = (Number(own[13]) + Number(own[14])) * TICK
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? []
  try {
    return children.reduce((sum, child) => sum + cpuTime(Number(child)), cpuTime(pid) + ended)
  } catch (error) {
    // One has ended meanwhile: from now on it counts among those that have.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && existsSync(`/proc/${pid}`)) return familyCpuTime(pid)
    throw error
  }
}

/** Resolves when a process has nothing left to do: what sockets that have closed leave behind, say. */
export async function idle(pid: number): Promise<void> {
  let used = Infinity
  while (used > TICK) {
    const before = cpuTime(pid)
    await delay(IDLE_TIME)
    used = cpuTime(pid) - before
  }
}

/** Bytes of a process' memory that are in RAM. */
export function residentMemory(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE
}
