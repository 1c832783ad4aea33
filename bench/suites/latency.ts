import { type Each, gatherCrowds, NAMES, startContestants } from '../lib/contestants.ts'
import type { Crowd, Streamed } from '../lib/crowd.ts'
import type { Row } from '../lib/row.ts'
import type { Bench, Curve, SuiteResult } from '../lib/suite.ts'

const WARM_UP = 50 // messages
const ROUND_TIMES = 3 // times as long as other rounds: a percentile wants many messages

/** From sending through the API to receiving, at a steady rate. Ours stores the message in between. */
export async function latency(bench: Bench): Promise<SuiteResult> {
  const { scale, log } = bench
  const everybody = Array.from({ length: scale.crowd }, (_, user) => user)
  const world = await bench.createWorld('latency', { users: scale.crowd, groups: [everybody] })
  const { servers, stop } = await startContestants(bench, world)
  const crowds = await gatherCrowds(servers, { size: scale.crowd, group: 0, field: 'groupMessages' })
  for (const crowd of Object.values(crowds)) for (let time = 0; time < WARM_UP; time++) await crowd.say(1)
  const time = scale.roundTime * ROUND_TIMES

  const curves: Curve[] = []
  for (const name of Object.keys(NAMES) as (keyof Each<unknown>)[]) {
    const crowd = crowds[name]
    if (!crowd) continue
    const points: Curve['points'] = []
    for (const rate of scale.sendRates) {
      log(`${NAMES[name]}, ${rate} messages a second`)
      const { latencies, keptUp } = await crowd.stream(rate, time)
      if (!keptUp) break
      points.push([rate, percentile(latencies, 0.99)])
    }
    curves.push({ name: NAMES[name], points })
  }

  const ours = await streamRounds(bench, 'ours', crowds.ours, time)
  const ws = crowds.ws ? await streamRounds(bench, 'ws', crowds.ws, time) : []
  await stop()
  const keptUp = ours.every((round) => round.keptUp)
  const what = `${scale.sendRate} messages/s to ${scale.crowd.toLocaleString('en-US')} subscribers, stored: latency`
  const row = (share: number): Omit<Row, 'reach' | 'beyond'> => ({
    what: `${what}, p${share * 100}`,
    against: 'bare ws, which stores nothing',
    unit: 'ms',
    ours: ours.map(({ latencies }) => percentile(latencies, share)),
    peer: ws.map(({ latencies }) => percentile(latencies, share)),
    comparison: 'alone',
    ...(!keptUp && { shortfall: 'the rate was not kept up' }),
  })
  return {
    rows: [
      { ...row(0.5), reach: 25, beyond: null },
      { ...row(0.99), reach: 60, beyond: 25 },
    ],
    plots: [
      {
        file: 'latency.svg',
        title: `p99 latency to ${scale.crowd} subscribers, as far as the rate was kept up`,
        x: 'messages a second',
        y: 'ms',
        logarithmic: { x: true, y: true },
        curves,
      },
    ],
  }
}

/** Rounds of a server that doesn't keep up would take long, and say no more than the first. */
async function streamRounds(
  { scale, log }: Bench,
  name: keyof typeof NAMES,
  crowd: Crowd,
  time: number,
): Promise<Streamed[]> {
  const rounds: Streamed[] = []
  for (let round = 0; round < scale.rounds && rounds.every(({ keptUp }) => keptUp); round++) {
    log(`${NAMES[name]}, ${scale.sendRate} messages a second, round ${round + 1} of ${scale.rounds}`)
    rounds.push(await crowd.stream(scale.sendRate, time))
  }
  return rounds
}

function percentile(values: number[], share: number): number {
  return Float64Array.from(values).sort()[Math.ceil(values.length * share) - 1] ?? NaN
}
