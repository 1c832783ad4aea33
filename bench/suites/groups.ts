import { createAudience } from '../lib/audience.ts'
import { cpuTime } from '../lib/cpu.ts'
import { inBatches, messageContent } from '../lib/crowd.ts'
import { driveBareWs, driveGraphQL, type FanOutServer, operationOf } from '../lib/fan-out-servers.ts'
import { createJudge } from '../lib/judge.ts'
import { sendSteadily } from '../lib/pace.ts'
import { alternate } from '../lib/rounds.ts'
import { type Bench, type SuiteResult, startOurs, startPeer } from '../lib/suite.ts'

const GROUP_SIZE = 20
const RATE = 500 // messages a second
const ROUND_TIMES = 2 // times as long as other rounds
const MOST_UNDER_WAY = 100 // messages

/** What a delivery costs where many small groups are busy. Each socket listens to as many groups as a group has listeners. */
export async function groups(bench: Bench): Promise<SuiteResult> {
  const { scale, log } = bench
  const size = Math.min(GROUP_SIZE, scale.groups)
  // The sender listens to nothing. Subscriber 1 listens to group 0, and to the ones before it, in a ring.
  const listeners = (group: number) => Array.from({ length: size }, (_, index) => 1 + ((group + index) % scale.groups))
  const members = Array.from({ length: scale.groups }, (_, group) => [0, ...listeners(group)])
  const world = await bench.createWorld('groups', { users: scale.groups + 1, groups: members })
  const server = startOurs(bench, world)
  const peer = startPeer(bench, 'bare-ws-server')
  const driver = await driveGraphQL(server, world, true)
  const bareWs = await driveBareWs(peer)

  log(`${scale.groups} groups of ${size}`)
  const ours = await openGroups(driver, scale.groups, listeners)
  await ours.say(0)
  bareWs.imitate?.(ours.sample)
  const ws = await openGroups(bareWs, scale.groups, listeners)
  const time = scale.roundTime * ROUND_TIMES
  const figures = await alternate(scale.rounds, { ours: () => ours.stream(time), ws: () => ws.stream(time) })
  await Promise.all([server.stop(), peer.stop()])
  return {
    rows: [
      {
        what: `${scale.groups.toLocaleString('en-US')} groups of ${size}, ${RATE} messages/s over all: CPU per delivery`,
        against: 'bare ws',
        unit: 'µs',
        ours: figures.ours.map(({ cpu }) => cpu),
        peer: figures.ws.map(({ cpu }) => cpu),
        comparison: 'ratio',
        reach: 1.6,
        beyond: 1.3,
        ...(figures.ours.some(({ keptUp }) => !keptUp) && { shortfall: 'the rate was not kept up' }),
      },
    ],
  }
}

async function openGroups(driver: FanOutServer, count: number, listeners: (group: number) => number[]) {
  let sample = ''
  let said = 0
  let answered = 0
  const rooms = Array.from({ length: count }, (_, group) => {
    const { expect, judge } = createJudge(operationOf(group), 'groupMessages')
    const audience = createAudience((frame) => {
      judge(frame)
      sample = frame
    })
    return { group, expect, audience, said: 0 }
  })
  const listensTo = Map.groupBy(
    rooms.flatMap((room) => listeners(room.group).map((user) => ({ user, room }))),
    ({ user }) => user,
  )
  await inBatches(count, 50, (index) => {
    const feeds = (listensTo.get(index + 1) ?? []).map(({ room: { group, audience } }) => ({ group, audience }))
    return driver.subscribe(index + 1, feeds)
  })

  async function say(number: number) {
    const room = rooms[number % count]
    if (!room) return
    const content = messageContent(said++)
    room.expect(content)
    room.said++
    await driver.send(room.group, content)
    answered++
  }
  const allHeard = () => Promise.all(rooms.map(({ audience, said }) => audience.reached(said)))

  return {
    get sample() {
      return sample
    },
    async say(number: number) {
      await say(number)
      await allHeard()
    },
    async stream(time: number) {
      const cpuBefore = cpuTime(driver.pid)
      const before = said
      const isOverloaded = () => said - answered > MOST_UNDER_WAY
      const { keptUp } = await sendSteadily({ rate: RATE, time, isOverloaded }, () => {
        // Strides of a number that shares no divisor with the groups' lead through all of them.
        say(said * 7_919).catch((error) => rooms[0]?.audience.fail(error))
      })
      await allHeard()
      const deliveries = (said - before) * (rooms[0]?.audience.size ?? 0)
      return { cpu: (cpuTime(driver.pid) - cpuBefore) / deliveries, keptUp }
    },
  }
}
