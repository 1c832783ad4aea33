import { cpus, loadavg } from 'node:os'
import { findNeed } from '../../test/support/needs.ts'
import { type Cluster, startBacking, startCluster } from '../lib/cluster.ts'
import type { ClusterCosts } from '../lib/cluster-costs.ts'
import { measureReturns } from '../lib/cluster-returns.ts'
import { CLIENTS, measureAlone, measureDeliveries, measureTogether } from '../lib/cluster-rounds.ts'
import { createClusterWorld, SMALL_GROUPS } from '../lib/cluster-world.ts'
import { measureHolds } from '../lib/counter-hold.ts'
import { idle } from '../lib/cpu.ts'
import type { Row } from '../lib/row.ts'
import type { Bench, SuiteResult } from '../lib/suite.ts'
import { measureIdle, type Usage } from '../lib/usage.ts'

const SIZES = [1, 2, 3] // nodes
const GROUPS = [1, 10, 50, SMALL_GROUPS] // messages in a transaction
const TRANSACTIONS = 10 // of each size, and round

const IDLE_ROUNDS = 8 // times as long as a round

type End = () => Promise<void>

/** What one, two and three nodes cost, on a PostgreSQL and a Redis of the bench. */
export async function cluster(bench: Bench): Promise<SuiteResult> {
  const missing = (['postgres', 'redis'] as const).filter((need) => !findNeed(need))
  if (missing.length > 0) {
    bench.log(`skipped: this machine has no ${missing.join(', no ')}; run scripts/prepare-machine.sh`)
    return { rows: [] }
  }
  const ends: End[] = []
  try {
    const costs = await measure(bench, (end) => ends.push(end))
    return { rows: rowsOf(costs), costs }
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

async function measure(bench: Bench, atEnd: (end: End) => void): Promise<ClusterCosts> {
  const { scale, log } = bench
  const measured = {
    at: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    load: loadavg()[0] ?? NaN,
  }
  const backing = await startBacking(atEnd)
  const users = scale.crowd
  const url = await backing.createDatabase('counter')
  await createClusterWorld(url, users)
  log('how long the counter is held')
  const holds = await measureHolds(url, { groups: GROUPS, transactions: TRANSACTIONS * scale.rounds, users })

  const clusters: Cluster[] = []
  for (const size of SIZES) clusters.push(await startCluster(bench, { backing, size, users, atEnd }))
  log('nothing')
  for (const { nodes, meter } of clusters) {
    for (const { pid } of nodes) await idle(pid)
    await measureIdle(meter, IDLE_ROUNDS * scale.roundTime)
  }
  log('one message at a time')
  const alone = await measureAlone(bench, clusters)
  log('many at once')
  const together = await measureTogether(bench, clusters)
  log(`${users} listeners over 1, 2 and 3 nodes`)
  const { deliveries, frame } = await measureDeliveries(bench, clusters)
  log(`${users} clients that come back`)
  const returns = await measureReturns(bench, clusters[0] as Cluster)
  return { measured, alone, together, deliveries, frame, holds, returns }
}

/** How much more the last size costs than the first. */
function rowsOf({ alone, together, deliveries }: ClusterCosts): Row[] {
  const [first = 0, last = 0] = [SIZES.at(0), SIZES.at(-1)]
  function row(what: string, at: { nodes: number; use: Usage }[]): Row {
    const of = (nodes: number) => at.filter((one) => one.nodes === nodes).map(({ use }) => use.nodes)
    const rest = { unit: 'µs', comparison: 'ratio', reach: null, beyond: null } as const
    return { ...rest, what: `${what}: CPU of ${last} nodes`, against: `${first} node`, ours: of(last), peer: of(first) }
  }
  return [
    row(
      'a message that nobody listens to, one at a time',
      alone.filter(({ listening }) => listening === 0),
    ),
    row(
      `the same, ${CLIENTS} clients at once`,
      together.filter(({ sending, listening }) => sending === 1 && listening === 0),
    ),
    row(
      'a delivery to the listeners of a group, one message at a time',
      deliveries.filter(({ inFlight }) => inFlight === 1),
    ),
  ]
}
