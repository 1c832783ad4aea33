import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Which cores the servers and the load run on; null where there is one core only, or no `taskset`. */
export interface Cores {
  server: string
  load: string
}

export function findCores(): Cores | null {
  const [, list = ''] = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  const cores = list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => String(first + index))
  })
  const [server, load] = cores
  const canPin = spawnSync('taskset', ['--version']).status === 0
  return server && load && canPin ? { server, load } : null
}

/** How many sockets and files a process may have open; Node raises it as far as it may. */
export function mostOpenFiles(): number {
  const [, limit] = /^Max open files\s+(\w+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
  return limit === 'unlimited' ? Infinity : Number(limit)
}

/** Keeps this process, which is the load, off the servers' core. */
export function pinLoad(cores: Cores): void {
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores.load, String(process.pid)])
}
