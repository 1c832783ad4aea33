import { LARGEST_GROUP } from '../../src/log/writer.ts'
import type { ClusterCosts } from '../lib/cluster-costs.ts'
import { type CounterOutcome, simulateCounter } from './counter.ts'
import { type HotGroupOutcome, simulateHotGroup } from './hot-group.ts'
import { type Model, toModel } from './model.ts'
import { type ReconnectOptions, type ReconnectOutcome, simulateReconnect, type Work } from './reconnect.ts'
import { highest } from './waits.ts'

const SECOND = 1_000 // ms
const MINUTE = 60 * SECOND
const SEED = 20260101

export const USERS = 1_000_000
export const RATE = 100_000 // messages a second
const LONGEST_WAIT = SECOND // ms in which 99 of 100 messages are to be stored, or to have reached everybody
const DATABASE_CORES = 32
const GRAIN = 10 // clients that do the same, so that it takes a second

export interface CounterCase {
  nodes: number
  /** Messages a second, the most for which 99 of 100 are stored within `LONGEST_WAIT`. */
  most: number
  /** At half of it. */
  half: CounterOutcome
}

export function counterCases(model: Model, sizes = [1, 3, 20, 100]): CounterCase[] {
  const { before, hold } = model
  return sizes.map((nodes) => {
    const at = (rate: number) =>
      simulateCounter({
        nodes,
        rate: rate / SECOND,
        largestGroup: LARGEST_GROUP,
        before,
        hold,
        time: 30 * SECOND,
        seed: SEED,
      })
    const most = highest(10, 1_000_000, (rate) => {
      const { waits, keptUp } = at(rate)
      return keptUp && waits.p99 <= LONGEST_WAIT
    })
    return { nodes, most, half: at(most / 2) }
  })
}

export interface HotGroupCase {
  nodes: number
  /** Messages a second to the group. */
  rate: number
  outcome: HotGroupOutcome
}

/** A group of everybody, spread evenly over the nodes. */
export function hotGroupCases(model: Model, sizes = [20, 100, 500], rates = [0.1, 1, 10, 100]): HotGroupCase[] {
  return sizes.flatMap((nodes) =>
    rates.map((rate) => ({
      nodes,
      rate,
      outcome: simulateHotGroup({
        listeners: USERS / nodes,
        rate: rate / SECOND,
        perWrite: model.perWrite / 1_000,
        perMessage: model.perMessage / 1_000,
        time: Math.max(20, 200 / rate) * SECOND,
        seed: SEED,
      }),
    })),
  )
}

export interface ReconnectCase {
  nodes: number
  how: string
  outcome: ReconnectOutcome
}

/** Everybody has lost his connection at the same moment. */
export function reconnectCases({ returns: { connect, use } }: ClusterCosts, sizes = [20, 100]): ReconnectCase[] {
  return sizes.flatMap((nodes) => {
    const work = (node: number, database: number): Work => ({
      node: (GRAIN * node) / 1_000,
      database: (((GRAIN * database) / 1_000) * nodes) / DATABASE_CORES,
    })
    const whole = work(use.nodes, use.postgres)
    // What both can do in a second, at 6 tenths of it.
    const acceptRate = 0.6 / Math.max(whole.node, whole.database)
    const common: Omit<ReconnectOptions, 'spread'> = {
      clients: USERS / nodes / GRAIN,
      connect: work(connect.nodes, connect.postgres),
      catchUp: work(use.nodes - connect.nodes, Math.max(0, use.postgres - connect.postgres)),
      patience: 10 * SECOND,
      pause: (failures, chance) => chance * Math.min(30 * SECOND, 200 * 2 ** failures),
      time: 60 * MINUTE,
      seed: SEED,
    }
    const ways: [how: string, options: Pick<ReconnectOptions, 'spread' | 'acceptRate'>][] = [
      ['the pauses of `examples/resume.ts`', { spread: 200 }],
      ['the same, with a limit on new connections', { spread: 200, acceptRate }],
      ['the first pause within a minute', { spread: MINUTE }],
      ['the same, with the limit', { spread: MINUTE, acceptRate }],
      ['the first pause within 5 minutes', { spread: 5 * MINUTE }],
    ]
    return ways.map(([how, options]) => ({ nodes, how, outcome: simulateReconnect({ ...common, ...options }) }))
  })
}

/** All that can be said of the costs. */
export function simulate(costs: ClusterCosts) {
  const model = toModel(costs)
  return {
    costs,
    model,
    counter: counterCases(model),
    hotGroup: hotGroupCases(model),
    reconnect: reconnectCases(costs),
  }
}

export type Findings = ReturnType<typeof simulate>
