import { readFileSync } from 'node:fs'

const TICK = 10_000 // µs: USER_HZ is 100 wherever Linux runs Node
const PAGE = 4_096 // bytes

/** µs of CPU that a process has used, user and system, all its threads. Linux counts it in steps of 10 ms. */
export function cpuTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The command's name, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK
}

/** Bytes of a process' memory that are in RAM. */
export function residentMemory(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE
}
