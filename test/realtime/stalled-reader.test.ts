import { expect, test } from 'vitest'
import { openSignedInSocket } from '../support/bare-socket.ts'
import { listenToGroup, newGroup, sendToGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'

const MESSAGES = 800
const CONTENT = '漢'.repeat(4_000) // 12 KB, so that the whole is more than the system's buffers take

interface Event {
  cursor: string
  message: { seq: number }
}

test('Who stops reading drags nobody down, is let go with a code to come back on, and resumes whole', async () => {
  const server = await startServer({ limits: { waitingChanges: 100 } })
  const [tom, jerry, spike] = await Promise.all(['tom', 'jerry', 'spike'].map((name) => server.register(name)))
  if (!tom || !jerry || !spike) throw new Error('Nobody is at home')
  const { createGroup } = await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id, spike.id] })
  const groupId = createGroup.group.id
  const say = () => tom.request(sendToGroup, { input: { groupId, content: CONTENT } })
  const query = `subscription { groupMessages(groupId: "${groupId}") { cursor message { seq content } } }`

  const stalled = await openSignedInSocket(server.url, spike.accessToken)
  stalled.send({ type: 'subscribe', id: 'listen', payload: { query } })
  stalled.send({ type: 'subscribe', id: 'ready', payload: { query: '{ __typename }' } })
  await stalled.next()
  await stalled.next()
  stalled.socket.pause()

  const reader = jerry.listen(listenToGroup, { groupId })
  await reader.ready
  const seqs: number[] = []
  for (let sent = 0; sent < MESSAGES; sent += 50) {
    await Promise.all(Array.from({ length: 50 }, say))
    for (let heard = 0; heard < 50; heard++) seqs.push((await reader.next()).groupMessages.message.seq)
  }
  const first = seqs[0] ?? 0
  expect(seqs).toEqual(Array.from({ length: MESSAGES }, (_, index) => first + index))

  const events: Event[] = []
  stalled.socket.on('message', (data) => events.push(JSON.parse(String(data)).payload.data.groupMessages))
  stalled.socket.resume()
  expect(await stalled.closed).toBe(1013)
  expect(events.length).toBeGreaterThan(0)
  expect(events.length).toBeLessThan(MESSAGES)

  const after = events.at(-1)?.cursor ?? null
  const resumed = spike.listen(listenToGroup, { groupId, after })
  while (events.length < MESSAGES) events.push((await resumed.next()).groupMessages)
  expect(events.map(({ message }) => message.seq)).toEqual(seqs)
})
