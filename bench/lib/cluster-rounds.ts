import { createAudience } from './audience.ts'
import { asOne, type Cluster } from './cluster.ts'
import type { ClusterCosts } from './cluster-costs.ts'
import { EVERYBODY, listeningGroup, memberOf, smallGroup } from './cluster-world.ts'
import { gatherCrowd, inBatches, messageContent } from './crowd.ts'
import { GROUP_MESSAGES, SEND } from './documents.ts'
import { operationOf } from './fan-out-servers.ts'
import { type GraphQLSocket, openGraphQLSocket, subscribeAll } from './graphql-socket.ts'
import { createJudge } from './judge.ts'
import { alternate, type Work } from './rounds.ts'
import type { Bench } from './suite.ts'
import { measureUsage, perOperation, type Round } from './usage.ts'

export const CLIENTS = 32
const IN_FLIGHT = 16
const WARM_UPS = 3

/** Measures cases in turns, which differ in what is given here. @returns it with what an operation of each used */
async function measureCases<Case extends object>(
  { scale }: Bench,
  cases: { is: Case; round: () => Promise<Round> }[],
): Promise<(Case & { use: ReturnType<typeof perOperation> })[]> {
  const rounds = await alternate(scale.rounds, Object.fromEntries(cases.map(({ round }, at) => [at, round])), WARM_UPS)
  return cases.map(({ is }, at) => ({ ...is, use: perOperation(rounds[at] ?? []) }))
}

/** One message at a time, to a group with one listener on each of none to all nodes, the one that sends coming last. */
export async function measureAlone(bench: Bench, clusters: Cluster[]): Promise<ClusterCosts['alone']> {
  const cases = []
  for (const cluster of clusters) {
    for (let listening = 0; listening <= cluster.size; listening++) {
      const crowd = await gatherCrowd(
        asOne(cluster, (user) => cluster.size - 1 - user),
        { size: listening, group: listeningGroup(listening), field: 'groupMessages' },
      )
      // What one message at a time would take long to get compiled.
      for (let said = 0; said < bench.scale.crowd; said += IN_FLIGHT) await crowd.say(IN_FLIGHT)
      const say = async () => {
        await crowd.say(1)
        return 1
      }
      cases.push({
        is: { nodes: cluster.size, listening },
        round: () => measureUsage(cluster.meter, bench.scale.roundTime, say),
      })
    }
  }
  return measureCases(bench, cases)
}

/**
 * Many clients, of the first node or of all, each of which sends one message after another to a group of its own. Nobody
 * listens, or one in each group on each node but the first.
 */
export async function measureTogether(bench: Bench, clusters: Cluster[]): Promise<ClusterCosts['together']> {
  const cases = []
  for (const cluster of clusters) {
    const { size: nodes, meter } = cluster
    const ways = [
      { sending: 1, listening: 0 },
      ...(nodes > 1 ? [{ sending: nodes, listening: 0 }] : []),
      ...(nodes > 1 ? [{ sending: 1, listening: nodes - 1 }] : []),
    ]
    for (const [way, { sending, listening }] of ways.entries()) {
      const works = await openClients(cluster, { sending, listening, first: way * CLIENTS, users: bench.scale.crowd })
      cases.push({
        is: { nodes, sending, listening, clients: CLIENTS },
        round: () => measureUsage(meter, bench.scale.roundTime, ...works),
      })
    }
  }
  return measureCases(bench, cases)
}

/** @param first of the small groups that they send to */
async function openClients(
  { world, urls }: Cluster,
  { sending, listening, first, users }: { sending: number; listening: number; first: number; users: number },
): Promise<Work[]> {
  return inBatches(CLIENTS, CLIENTS, async (client) => {
    const index = first + client
    const groupId = world.groupIds[smallGroup(index)]
    const socket = await openGraphQLSocket(urls[client % sending] ?? '', await world.token(memberOf(index, users)))
    const listener = await world.token(memberOf(index + 1, users))
    const id = operationOf(index)
    const { expect, judge } = createJudge(id, 'groupMessages')
    const audience = createAudience(judge)
    for (const url of urls.slice(1, 1 + listening)) {
      await subscribeAll(url, listener, [{ id, query: GROUP_MESSAGES, variables: { groupId }, audience }])
    }
    let said = 0
    return async () => {
      await send(socket, groupId, expect)
      await audience.reached(++said)
      return 1
    }
  })
}

let sent = 0

/** @param expect is told the text before it is sent. @returns the cursor of the message */
export async function send(
  socket: GraphQLSocket,
  groupId: string | undefined,
  expect?: (content: string) => void,
): Promise<string> {
  const content = messageContent(sent++)
  expect?.(content)
  const input = { groupId, content, clientId: `bench-${process.pid}-${sent}` }
  const { sendGroupMessage } = (await socket.request(SEND, { input })) as {
    sendGroupMessage: { cursor: string; message: { content: string } }
  }
  if (sendGroupMessage.message.content !== content) throw new Error(`Sent: ${content}, answered something else`)
  return sendGroupMessage.cursor
}

/** A large group, whose listeners are spread evenly over the nodes. */
export async function measureDeliveries(
  bench: Bench,
  clusters: Cluster[],
): Promise<Pick<ClusterCosts, 'deliveries' | 'frame'>> {
  const { crowd: listeners, roundTime } = bench.scale
  const cases = []
  const crowds = []
  for (const cluster of clusters) {
    const server = asOne(cluster, (user) => user)
    const crowd = await gatherCrowd(server, { size: listeners, group: EVERYBODY, field: 'groupMessages' })
    crowds.push(crowd)
    for (const inFlight of [1, IN_FLIGHT]) {
      const say = async () => {
        await crowd.say(inFlight)
        return inFlight * listeners
      }
      cases.push({
        is: { nodes: cluster.size, listeners, inFlight },
        round: () => measureUsage(cluster.meter, roundTime, say),
      })
    }
  }
  const deliveries = await measureCases(bench, cases)
  const frame = crowds[0]?.sample.length ?? 0
  for (const crowd of crowds) crowd.close()
  return { deliveries, frame }
}
