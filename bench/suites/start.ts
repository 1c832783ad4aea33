import { alternate } from '../lib/rounds.ts'
import { type Bench, type SuiteResult, startOurs } from '../lib/suite.ts'

/** From the start of the process to its being ready, with a large database. */
export async function start(bench: Bench): Promise<SuiteResult> {
  const { scale, workplace, log } = bench
  const world = await bench.largeWorld()
  const clock = async (work: () => Promise<void>) => {
    const begin = performance.now()
    await work()
    return (performance.now() - begin) / 1_000
  }
  log('to ready')
  const seconds = await alternate(scale.rounds, {
    async ours() {
      const server = startOurs(bench, world)
      const time = await clock(async () => {
        const { status } = await fetch(`${await server.url}/ready`)
        if (status !== 200) throw new Error(`It listens, and /ready answers ${status}`)
      })
      await server.stop()
      return time
    },
    empty: () => clock(() => workplace.start('bench/peers/empty.mjs', { bare: true }).exited),
  })
  return {
    rows: [
      {
        what: `start to ready, database of ${scale.messages.toLocaleString('en-US')} messages`,
        against: 'an empty node process',
        unit: 's',
        ours: seconds.ours,
        peer: seconds.empty,
        comparison: 'difference',
        reach: 1.5,
        beyond: 0.5,
      },
    ],
  }
}
