import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { cpuTime, familyCpuTime } from './cpu.ts'
import { type Work, workFor } from './rounds.ts'

/** What a cluster has used, or uses for one operation. */
export interface Usage {
  /** µs of CPU of all nodes together. */
  nodes: number
  /** Of it, that of all but the first. */
  others: number
  /** µs of CPU. */
  postgres: number
  /** µs of CPU. */
  redis: number
  /** Messages published. */
  published: number
  /** Bytes into Redis. */
  redisIn: number
  /** Bytes out of Redis, to all nodes together. */
  redisOut: number
}

/** What the cluster did in a round, and what it used. */
export interface Round {
  operations: number
  usage: Usage
}

export interface Meter {
  /** What has been used until now, but for what the reading itself takes out of Redis. */
  read(): Promise<Usage>
  /** What is used in a ms in which nothing is asked for. */
  idle: Usage
}

const NOTHING: Usage = { nodes: 0, others: 0, postgres: 0, redis: 0, published: 0, redisIn: 0, redisOut: 0 }

/** @param of the nodes' processes, PostgreSQL's first one, and a connection to Redis */
export function createMeter(of: { nodes: number[]; postgres: number; redis: Redis }): Meter {
  let told = 0
  async function read(): Promise<Usage> {
    const info = String(await of.redis.call('INFO', 'stats', 'commandstats', 'cpu'))
    const number = (name: RegExp) => Number(name.exec(info)?.[1] ?? 0)
    const [first = 0, ...others] = of.nodes.map(cpuTime)
    const ofOthers = others.reduce((sum, time) => sum + time, 0)
    const usage: Usage = {
      nodes: first + ofOthers,
      others: ofOthers,
      postgres: familyCpuTime(of.postgres),
      // Finer than what /proc says of a process that does so little.
      redis: 1e6 * (number(/used_cpu_user:([\d.]+)/) + number(/used_cpu_sys:([\d.]+)/)),
      published: number(/cmdstat_spublish:calls=(\d+)/) + number(/cmdstat_publish:calls=(\d+)/),
      redisIn: number(/total_net_input_bytes:(\d+)/),
      redisOut: number(/total_net_output_bytes:(\d+)/) - told,
    }
    told += info.length
    return usage
  }
  return { read, idle: NOTHING }
}

/** Finds what is used while nothing is asked for, and leaves it out of all rounds from now on. @param time ms */
export async function measureIdle(meter: Meter, time: number): Promise<void> {
  meter.idle = NOTHING
  const { usage } = await measureUsage(meter, 0, async () => {
    await delay(time)
    return time
  })
  meter.idle = mapUsage(usage, (value) => value / time)
}

/** @param time ms, as of `workFor` */
export async function measureUsage(meter: Meter, time: number, ...works: Work[]): Promise<Round> {
  const before = await meter.read()
  const { operations, elapsed } = await workFor(time, works)
  const after = await meter.read()
  return { operations, usage: mapUsage(after, (value, name) => value - before[name] - elapsed * meter.idle[name]) }
}

/** What one operation used in all of these rounds. */
export function perOperation(rounds: Round[]): Usage {
  const operations = rounds.reduce((sum, round) => sum + round.operations, 0)
  return mapUsage(NOTHING, (_, name) => rounds.reduce((sum, { usage }) => sum + usage[name], 0) / operations)
}

function mapUsage(usage: Usage, map: (value: number, name: keyof Usage) => number): Usage {
  const names = Object.keys(usage) as (keyof Usage)[]
  return Object.fromEntries(names.map((name) => [name, map(usage[name], name)])) as unknown as Usage
}
