import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const TICK = 10_000 // µs: USER_HZ is 100 wherever Linux runs Node
const IDLE_TIME = 300 // ms
const PAGE = 4_096 // bytes

/** µs of CPU that a process has used, user and system, all its threads. Linux counts it in steps of 10 ms. */
export function cpuTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The command's name, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK
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
