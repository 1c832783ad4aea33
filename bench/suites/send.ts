import { messageContent } from '../lib/crowd.ts'
import { SEND } from '../lib/documents.ts'
import { openGraphQLSocket } from '../lib/graphql-socket.ts'
import { openRawHttp } from '../lib/raw-http.ts'
import { alternate, type Cost, measureCost } from '../lib/rounds.ts'
import { type Bench, type SuiteResult, startOurs, startPeer } from '../lib/suite.ts'
import type { World } from '../lib/world.ts'

const CLIENTS = 32
const WARM_UPS = 3
const NOTHING = 'mutation Nothing { nothing }'
const INSERT =
  'mutation Insert($content: String!, $clientId: String!) { insert(content: $content, clientId: $clientId) }'

type Ask = (query: string, variables?: object) => Promise<unknown>

/** What storing a message costs, and how long it takes. */
export async function send(bench: Bench): Promise<SuiteResult> {
  const { scale, log } = bench
  const clients = Array.from({ length: CLIENTS }, (_, user) => user)
  const size = { users: CLIENTS, groups: [clients] }
  const world = await bench.createWorld('send', size)
  const peerWorld = await bench.createWorld('send-peer', size)
  const ours = startOurs(bench, world)
  const yoga = startPeer(bench, 'yoga-server', { env: { PEER_DATABASE: peerWorld.path } })
  const [oursUrl, yogaUrl] = await Promise.all([ours.url, yoga.url])

  const tokens = await Promise.all(clients.map(world.token))
  const sockets = await Promise.all(tokens.map((token) => openGraphQLSocket(oursUrl, token)))
  const https = tokens.map((token) => openRawHttp(oursUrl, token))
  const nothings = clients.map(() => openRawHttp(yogaUrl, null))
  const sender = createSender(world)
  const nothing = async (ask: Ask) => {
    const data = (await ask(NOTHING)) as { nothing: boolean }
    if (data.nothing !== true) throw new Error('Yoga answered something else')
  }
  const insert = async (ask: Ask) => {
    const content = messageContent(0)
    const data = (await ask(INSERT, { content, clientId: `bench-${sender.next()}` })) as { insert: number }
    if (!(data.insert > 0)) throw new Error('The insert was not answered with its number')
  }
  const over = (pid: number, asks: { request: Ask }[], work: (ask: Ask) => Promise<void>) => () =>
    measureCost(
      pid,
      scale.roundTime,
      ...asks.map(({ request }) => async () => {
        await work(request)
        return 1
      }),
    )

  log(`${CLIENTS} clients`)
  const many = await alternate(
    scale.rounds,
    {
      socket: over(ours.pid, sockets, sender.send),
      http: over(ours.pid, https, sender.send),
      nothing: over(yoga.pid, nothings, nothing),
    },
    WARM_UPS,
  )
  log('one client, one at a time')
  const one = await alternate(
    scale.rounds,
    {
      socket: over(ours.pid, sockets.slice(0, 1), sender.send),
      http: over(ours.pid, https.slice(0, 1), sender.send),
      insert: over(yoga.pid, nothings.slice(0, 1), insert),
    },
    WARM_UPS,
  )
  sender.verify()
  await Promise.all([ours.stop(), yoga.stop()])

  const cpu = (costs: Cost[]) => costs.map((cost) => cost.cpu)
  const latency = (costs: Cost[]) => costs.map(({ rate }) => 1_000_000 / rate)
  const base = { unit: 'µs', comparison: 'ratio' } as const
  const [empty, stored] = ['a Yoga HTTP mutation that does nothing', 'Yoga and a raw SQLite insert, on disk']
  const alone = 'sendGroupMessage, one client, one at a time: latency'
  return {
    rows: [
      {
        ...base,
        what: `sendGroupMessage over WebSocket, ${CLIENTS} clients: CPU per request`,
        against: empty,
        ours: cpu(many.socket),
        peer: cpu(many.nothing),
        reach: 0.5,
        beyond: 0.25,
      },
      {
        ...base,
        what: 'the same over HTTP',
        against: empty,
        ours: cpu(many.http),
        peer: cpu(many.nothing),
        reach: 1.2,
        beyond: 0.9,
      },
      {
        ...base,
        what: `${alone}, over HTTP`,
        against: stored,
        ours: latency(one.http),
        peer: latency(one.insert),
        reach: 1.3,
        beyond: 1.1,
      },
      {
        ...base,
        what: `${alone}, over WebSocket`,
        against: stored,
        ours: latency(one.socket),
        peer: latency(one.insert),
        reach: 1.3,
        beyond: 1.1,
      },
    ],
  }
}

/** Sends messages to the world's first group, and sees to it that each gets a number of its own. */
function createSender({ groupIds }: World) {
  const seqs = new Set<number>()
  let sent = 0
  return {
    next: () => sent++,
    async send(ask: Ask) {
      const content = messageContent(sent)
      const input = { groupId: groupIds[0], content, clientId: `bench-${sent++}` }
      const { message } = ((await ask(SEND, { input })) as SendData).sendGroupMessage
      if (message.content !== content) throw new Error(`Sent: ${content}, answered: ${message.content}`)
      if (seqs.size === seqs.add(message.seq).size) throw new Error(`Two messages have the number ${message.seq}`)
    },
    /** @throws Error where numbers are missing */
    verify() {
      const last = [...seqs].reduce((most, seq) => Math.max(most, seq), 0)
      if (last !== seqs.size) throw new Error(`${seqs.size} messages were stored, and the last has the number ${last}`)
    },
  }
}

interface SendData {
  sendGroupMessage: { message: { seq: number; content: string } }
}
