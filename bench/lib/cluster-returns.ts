import { createAudience } from './audience.ts'
import type { Cluster } from './cluster.ts'
import type { ClusterCosts } from './cluster-costs.ts'
import { send } from './cluster-rounds.ts'
import { EVERYBODY } from './cluster-world.ts'
import { idle } from './cpu.ts'
import { inBatches } from './crowd.ts'
import { INBOX_AFTER } from './documents.ts'
import { operationOf } from './fan-out-servers.ts'
import { openGraphQLSocket, subscribeAll } from './graphql-socket.ts'
import type { RawSocket } from './raw-socket.ts'
import type { Bench } from './suite.ts'
import { measureUsage, perOperation, type Round } from './usage.ts'

const MISSED = 10 // messages
const OPENING = 50 // sockets that open at once
const MOST_ROUNDS = 3

/** Everybody connects and signs in; and then again, to his inbox, after a cursor that some messages have come since. */
export async function measureReturns({ scale }: Bench, cluster: Cluster): Promise<ClusterCosts['returns']> {
  const { world, urls, nodes, meter } = cluster
  const url = urls[0] ?? ''
  const sender = await openGraphQLSocket(url, await world.token(1))

  /** @param open resolves when a user is there */
  async function gather(open: (user: number) => Promise<RawSocket>): Promise<Round> {
    for (const { pid } of nodes) await idle(pid)
    let sockets: RawSocket[] = []
    const round = await measureUsage(meter, 0, async () => {
      sockets = await inBatches(scale.crowd, OPENING, open)
      return scale.crowd
    })
    for (const socket of sockets) socket.close()
    return round
  }

  const connect = async () => gather(async (user) => (await openGraphQLSocket(url, await world.token(user))).raw)

  async function comeBack(): Promise<Round> {
    const sendOne = () => send(sender, world.groupIds[EVERYBODY])
    const after = await sendOne()
    for (let missed = 0; missed < MISSED; missed++) await sendOne()
    const subscription = { id: operationOf(EVERYBODY), query: INBOX_AFTER, variables: { after } }
    return gather(async (user) => {
      const audience = createAudience(() => {})
      const socket = await subscribeAll(url, await world.token(user), [{ ...subscription, audience }])
      await audience.reached(MISSED)
      return socket
    })
  }

  const connects: Round[] = []
  const returns: Round[] = []
  // The first of each doesn't count.
  for (let round = 0; round <= Math.min(scale.rounds, MOST_ROUNDS); round++) {
    connects.push(await connect())
    returns.push(await comeBack())
  }
  return { missed: MISSED, connect: perOperation(connects.slice(1)), use: perOperation(returns.slice(1)) }
}
