import { isDeepStrictEqual } from 'node:util'
import { openGraphQLSocket } from '../lib/graphql-socket.ts'
import { alternate, measureCost } from '../lib/rounds.ts'
import { type Bench, startOurs, startPeer } from '../lib/suite.ts'

const WARM_UPS = 3
const AT_ONCE = 100 // times that the peer runs a statement for each question

/** A query of ours, and the statement that reads the same. Both come to the same facts, by which they are compared. */
export interface Read {
  query: string
  variables: object
  facts(data: unknown): unknown[]
  statement: string
  parameters: number[]
  factsOfRows(rows: unknown[]): unknown[]
}

/** The CPU of one query after another over a WebSocket, and of the prepared statement: µs, a figure for each round. */
export async function raceReads(
  bench: Bench,
  reads: Record<string, Read>,
): Promise<Record<string, { ours: number[]; peer: number[] }>> {
  const { scale, log } = bench
  const world = await bench.largeWorld()
  const server = startOurs(bench, world)
  const peer = startPeer(bench, 'sqlite-reader', { env: { PEER_DATABASE: world.path } })
  const { request } = await openGraphQLSocket(await server.url, await world.token(0))

  const figures: Record<string, { ours: number[]; peer: number[] }> = {}
  for (const [name, { query, variables, facts, statement, parameters, factsOfRows }] of Object.entries(reads)) {
    log(name)
    const rows = (await peer.ask({ statement, parameters, times: 1 })) as unknown[]
    const expected = factsOfRows(rows)
    const costs = await alternate(
      scale.rounds,
      {
        ours: () =>
          measureCost(server.pid, scale.roundTime, async () => {
            const got = facts(await request(query, variables))
            if (!isDeepStrictEqual(got, expected)) throw new Error(`A wrong answer: ${got}, not ${expected}`)
            return 1
          }),
        peer: () =>
          measureCost(peer.pid, scale.roundTime, async () => {
            await peer.ask({ statement, parameters, times: AT_ONCE })
            return AT_ONCE
          }),
      },
      WARM_UPS,
    )
    figures[name] = { ours: costs.ours.map(({ cpu }) => cpu), peer: costs.peer.map(({ cpu }) => cpu) }
  }
  await Promise.all([server.stop(), peer.stop()])
  return figures
}
