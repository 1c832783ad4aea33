import { type Each, gatherCrowds, raceCrowds, startContestants } from '../lib/contestants.ts'
import type { Crowd } from '../lib/crowd.ts'
import type { Cost } from '../lib/rounds.ts'
import type { Row } from '../lib/row.ts'
import type { Bench, SuiteResult } from '../lib/suite.ts'
import { IN_FLIGHT, measureGrowth } from './fan-out-growth.ts'

/** What a delivery to the subscribers of one group costs, who listen to the group or to their inboxes. */
export async function fanOut(bench: Bench): Promise<SuiteResult> {
  const { scale, log } = bench
  const most = Math.max(scale.crowd, ...scale.crowds)
  const everybody = Array.from({ length: most }, (_, user) => user)
  const world = await bench.createWorld('fan-out', { users: most, groups: [everybody] })
  const { servers, stop } = await startContestants(bench, world)

  log(`${scale.crowd} subscribers of a group`)
  const group = await gatherCrowds(servers, { size: scale.crowd, group: 0, field: 'groupMessages' })
  const single = await raceCrowds(bench, servers, group, 1)
  const flight = await raceCrowds(bench, servers, group, IN_FLIGHT)
  closeAll(group)

  log(`${scale.crowd} inboxes`)
  const { graphqlWs: _, ...two } = servers
  const inboxes = await gatherCrowds(two, { size: scale.crowd, group: 0, field: 'inbox' })
  const inboxSingle = await raceCrowds(bench, two, inboxes, 1)
  const inboxFlight = await raceCrowds(bench, two, inboxes, IN_FLIGHT)
  closeAll(inboxes)

  const plots = await measureGrowth(bench, servers, new Map([[scale.crowd, { single, flight }]]))
  await stop()

  const one = `fan-out to ${scale.crowd.toLocaleString('en-US')} subscribers of a group, one message at a time`
  const many = `the same, ${IN_FLIGHT} in flight`
  const inboxOne = 'the same to their inboxes, one at a time'
  const inboxMany = `the same to their inboxes, ${IN_FLIGHT} in flight`
  return {
    rows: [
      { ...byCpu(one, single.ours, single.ws), comparison: 'ratio', reach: 1.1, beyond: 1 },
      { ...byRate(many, flight.ours, flight.ws), reach: 5, beyond: 10 },
      { ...byCpu(inboxOne, inboxSingle.ours, inboxSingle.ws), comparison: 'ratio', reach: 1.2, beyond: 1 },
      { ...byRate(inboxMany, inboxFlight.ours, inboxFlight.ws), reach: 4, beyond: 8 },
      {
        ...byCpu(one, single.ours, single.graphqlWs),
        against: DOCUMENTED,
        comparison: 'times less',
        reach: 3,
        beyond: null,
      },
      {
        ...byCpu(many, flight.ours, flight.graphqlWs),
        against: DOCUMENTED,
        comparison: 'times less',
        reach: 3,
        beyond: 40,
      },
    ],
    plots,
  }
}

const DOCUMENTED = 'graphql-ws as documented'

function byCpu(what: string, ours: Cost[], peer: Cost[]): Omit<Row, 'comparison' | 'reach' | 'beyond'> {
  const cpu = (costs: Cost[]) => costs.map((cost) => cost.cpu)
  return { what: `${what}: CPU per delivery`, against: 'bare ws', unit: 'µs', ours: cpu(ours), peer: cpu(peer) }
}

/** By the server's CPU, not by the clock: the load needs a core, too, and can't take what a quick server could send. */
function byRate(what: string, ours: Cost[], peer: Cost[]): Omit<Row, 'reach' | 'beyond'> {
  const perSecond = (costs: Cost[]) => costs.map(({ cpu }) => 1_000_000 / cpu)
  return {
    what: `${what}: deliveries per second of CPU`,
    against: 'bare ws',
    unit: '/s',
    ours: perSecond(ours),
    peer: perSecond(peer),
    comparison: 'times more',
  }
}

function closeAll(crowds: Each<Crowd>): void {
  for (const crowd of Object.values(crowds)) crowd.close()
}
