import { expect, test } from 'vitest'
import { type BareSocket, openSignedInSocket } from '../support/bare-socket.ts'
import { graphql } from '../support/graphql.ts'
import { listenToGroup, newGroup } from '../support/messages.ts'
import { megabytes, report } from '../support/report.ts'
import { isSoak } from '../support/soak.ts'
import { createClient, type Listener } from '../support/testkit.ts'
import { startMortalServer } from './mortal-server.ts'
import { say } from './operations.ts'

const MESSAGES = isSoak ? 100_000 : 800
// 1 KB; or 12 KB, so that few messages are more than the system's buffers take.
const CONTENT = isSoak ? 'x'.repeat(1_000) : '漢'.repeat(4_000)
const STALLED = 24
const TOGETHER = 50
const WARM_UP = Math.min(MESSAGES, 2_000)
// Whoever stalls for as long as a soak takes has been cut off before he could read the code.
const CODES = isSoak ? [1013, 1006] : [1013]
const MOST_GROWTH = 128 * 2 ** 20 // bytes; who kept everything for everybody would need 230 MB, or 2.4 GB

const signUp = graphql(`
  mutation SignUpToStall($input: RegisterInput!) {
    register(input: $input) { user { id } accessToken }
  }
`)

interface Event {
  cursor: string
  message: { seq: number }
}

test('Who stops reading drags nobody down, is let go with a code to come back on, and resumes whole', {
  timeout: isSoak ? 1_200_000 : 60_000,
}, async (context) => {
  const server = await startMortalServer({ settings: { MAX_WAITING_CHANGES: '100' } })
  const signIn = async (username: string) => {
    const input = { username, password: `the password of ${username}` }
    const { user, accessToken } = (await createClient(server.url, null).request(signUp, { input })).register
    return { ...createClient(server.url, accessToken), id: user.id, accessToken }
  }
  const [tom, jerry, spike] = [await signIn('tom'), await signIn('jerry'), await signIn('spike')]
  const { createGroup } = await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id, spike.id] })
  const groupId = createGroup.group.id
  const reader = jerry.listen(listenToGroup, { groupId })
  await reader.ready
  const seqs: number[] = []

  /** @returns the most memory that the server held meanwhile, in bytes, and how long a message took to be heard, in ms */
  async function talk(messages: number) {
    let memory = 0
    const took: number[] = []
    for (let sent = 0; sent < messages; sent += TOGETHER) {
      const since = Date.now()
      const input = { groupId, content: CONTENT }
      const answers = Array.from({ length: TOGETHER }, () => tom.request(say, { input }))
      for (let heard = 0; heard < TOGETHER; heard++) {
        seqs.push((await reader.next()).groupMessages.message.seq)
        took.push(Date.now() - since)
      }
      await Promise.all(answers)
      memory = Math.max(memory, (await server.memory()) ?? 0)
    }
    return { memory, median: took.sort((a, b) => a - b)[took.length >> 1] ?? 0 }
  }
  const before = await talk(WARM_UP)
  const after = seqs.length

  const stalled = await Promise.all(
    Array.from({ length: STALLED }, () => listenAndStall(server.url, spike.accessToken, groupId)),
  )
  const meanwhile = await talk(MESSAGES)
  const expected = seqs.slice(after)
  expect(expected).toEqual(Array.from({ length: MESSAGES }, (_, index) => (expected[0] ?? 0) + index))
  expect(meanwhile.memory - before.memory).toBeLessThan(MOST_GROWTH)

  for (const { socket, closed, events } of stalled) {
    socket.resume()
    expect(CODES).toContain(await closed)
    expect(events.length).toBeGreaterThan(0)
    expect(events.length).toBeLessThan(MESSAGES)
  }
  const events = stalled[0]?.events ?? []
  const resumed = spike.listen(listenToGroup, { groupId, after: events.at(-1)?.cursor ?? null })
  await takeUp(resumed, events)
  expect(events.map(({ message }) => message.seq)).toEqual(expected)
  for (const { close } of [tom, jerry, spike]) close()
  report(context, {
    messages: MESSAGES,
    'stalled readers': STALLED,
    'memory before and at most': `${megabytes(before.memory)}, ${megabytes(meanwhile.memory)}`,
    'heard after, before and with them': `${before.median} ms, ${meanwhile.median} ms`,
  })
})

async function listenAndStall(
  url: string,
  accessToken: string,
  groupId: string,
): Promise<BareSocket & { events: Event[] }> {
  const bare = await openSignedInSocket(url, accessToken)
  const query = `subscription { groupMessages(groupId: "${groupId}") { cursor message { seq content } } }`
  bare.send({ type: 'subscribe', id: 'listen', payload: { query } })
  bare.send({ type: 'subscribe', id: 'ready', payload: { query: '{ __typename }' } })
  await bare.next()
  await bare.next()
  bare.socket.pause()
  const events: Event[] = []
  bare.socket.on('message', (data) => events.push(JSON.parse(String(data)).payload.data.groupMessages))
  return { ...bare, events }
}

async function takeUp(listener: Listener<{ groupMessages: Event }>, events: Event[]): Promise<void> {
  while (events.length < MESSAGES) events.push((await listener.next()).groupMessages)
}
