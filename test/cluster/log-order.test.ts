import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { type Announcement, decodePayload } from '../../src/realtime/bus-codec.ts'
import { LOG_CHANNEL } from '../../src/realtime/log-publisher.ts'
import { openRedisLink } from '../../src/realtime/redis-link.ts'
import { addReaction } from '../reaction/operations.ts'
import { newGroup, sendToGroup } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { seededRandom } from '../support/random.ts'
import { startRedis } from '../support/redis-server.ts'
import { report } from '../support/report.ts'
import { isSoak } from '../support/soak.ts'
import type { TestServer } from '../support/testkit.ts'
import { deleteAccount } from '../user/operations.ts'
import { writeBusily } from './busy-writer.ts'
import { startReader } from './log-readers.ts'
import { startTwoNodesOn } from './two-nodes.ts'

const CHANGES = isSoak ? 500 : 30 // by each writer
const WRITERS = 4 // at each node
const LARGER_THAN_LOG = 1_000_000 // messages
const PAGES = [1, 100] // messages that a reader asks for at once: the slower one is always behind

const timeout = isSoak ? 600_000 : 90_000

needs('redis', 'postgres')('With many writers at two nodes', () => {
  test('no change is ever found below one that was seen, and no place of the log is empty', {
    timeout,
  }, async (context) => {
    const redis = await startRedis()
    const nodes = await startTwoNodesOn([redis.url, redis.url])
    const [one, two] = nodes
    const random = seededRandom()
    const tom = await one.register('tom')
    const leavers = await Promise.all([one.register('leaver_1'), two.register('leaver_2')])
    const names = Array.from({ length: 2 * WRITERS }, (_, index) => `writer_${index}`)
    const writers = await Promise.all(names.map((name, index) => (index % 2 ? two : one).register(name)))
    const memberIds = [...leavers, ...writers].map(({ id }) => id)
    const { group } = (await tom.request(newGroup, { name: 'House', memberIds })).createGroup
    const groupId = group.id
    const homes = await Promise.all(writers.map((writer) => writer.request(newGroup, { name: 'Home' })))

    const readers = nodes.flatMap(({ app }) => PAGES.map((page) => startReader(app.services.reader.wholeLog, page)))
    const announced = await overhear(redis.url, one)
    const start = await one.app.services.reader.head()
    const messageIds: string[] = []
    for (const leaver of leavers) {
      const { sendGroupMessage } = await leaver.request(sendToGroup, { input: { groupId, content: 'Meow' } })
      messageIds.push(sendGroupMessage.message.id)
      for (const messageId of messageIds) await leaver.request(addReaction, { messageId, emoji: '😿' })
    }
    const writing = homes.map(({ createGroup }, index) => {
      const here = writers[index] ?? tom
      const guest = names[(index + 1) % names.length] ?? tom.username
      const homeId = createGroup.group.id
      return writeBusily({ here, homeId, groupId, guest, random, count: CHANGES, messageIds })
    })
    const leaving = leavers.map((leaver) => leaver.request(deleteAccount, { password: leaver.password }))
    await Promise.all([...writing, ...leaving])

    const { wholeLog } = two.app.services.reader
    const head = await wholeLog.head()
    const log = await wholeLog.changes(0n, LARGER_THAN_LOG)
    const places = new Map(log.map(({ id, position }) => [id, position]))
    for (const reader of readers) expect(await reader.finish()).toEqual({ places, faults: [] })
    await poll<unknown>(async () => announced.at(-1)?.to, head)
    const inOrder = announced.toSorted((a, b) => Number(a.from - b.from))
    // Each transaction begins where the one before it ended.
    expect(inOrder.map(({ from }) => from)).toEqual(
      [start, ...inOrder.slice(0, -1).map(({ to }) => to)].map((to) => to + 1n),
    )
    report(context, { writers: writers.length, changes: Number(head), transactions: announced.length })
  })
})

/** What the nodes tell each other of where the log stands. */
async function overhear(url: string, { app }: TestServer): Promise<Announcement[]> {
  const prefix = `chatserver:${await app.services.reader.epoch()}:`
  const link = await openRedisLink({ url, prefix, logger: pino({ level: 'silent' }) })
  onTestFinished(() => link.close())
  const announced: Announcement[] = []
  await link.subscribe(LOG_CHANNEL, (text) => {
    const payload = decodePayload(text)
    if (payload?.type === 'announcement') announced.push(payload.announcement)
  }).ready
  return announced
}
