import { type Each, gatherCrowds, NAMES, raceCrowds } from '../lib/contestants.ts'
import type { FanOutServer } from '../lib/fan-out-servers.ts'
import { type Cost, median } from '../lib/rounds.ts'
import type { Bench, Curve, Plot } from '../lib/suite.ts'

export const IN_FLIGHT = 16
const ROUNDS = 3
const LARGE = 1_000 // subscribers, above which a round is long enough by itself

/** What deliveries to a crowd cost each server. */
export type CrowdCosts = Record<'single' | 'flight', Record<keyof Each<unknown>, Cost[]>>

/**
 * How the cost of a delivery grows with the number of subscribers.
 * @param known what has been measured already
 */
export async function measureGrowth(
  bench: Bench,
  servers: Each<FanOutServer>,
  known: Map<number, CrowdCosts>,
): Promise<Plot[]> {
  const { scale } = bench
  const cpu = newCurves()
  const rate = newCurves()
  for (const size of scale.crowds) {
    const { single, flight } = known.get(size) ?? (await measureSize(bench, servers, size))
    for (const name of Object.keys(NAMES) as (keyof Each<unknown>)[]) {
      cpu[name]?.points.push([size, median(single[name].map((cost) => cost.cpu))])
      rate[name]?.points.push([size, median(flight[name].map((cost) => 1_000_000 / cost.cpu))])
    }
  }
  const common = { x: 'subscribers of one group', logarithmic: { x: true, y: true } }
  return [
    {
      ...common,
      file: 'cpu-per-delivery.svg',
      title: 'CPU per delivery, one message at a time',
      y: 'µs',
      curves: Object.values(cpu),
    },
    {
      ...common,
      file: 'deliveries-per-second.svg',
      title: `Deliveries per second of CPU, ${IN_FLIGHT} messages in flight`,
      y: 'deliveries',
      curves: Object.values(rate),
    },
  ]
}

async function measureSize(bench: Bench, servers: Each<FanOutServer>, size: number): Promise<CrowdCosts> {
  const { scale, log } = bench
  log(`${size} subscribers, for the plot`)
  const few = { ...bench, scale: { ...scale, rounds: size > LARGE ? 1 : Math.min(scale.rounds, ROUNDS) } }
  const crowds = await gatherCrowds(servers, { size, group: 0, field: 'groupMessages' })
  const single = await raceCrowds(few, servers, crowds, 1, 0)
  const flight = await raceCrowds(few, servers, crowds, IN_FLIGHT, 0)
  for (const crowd of Object.values(crowds)) crowd.close()
  return { single, flight }
}

function newCurves(): Record<string, Curve> {
  return Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [key, { name, points: [] }]))
}
