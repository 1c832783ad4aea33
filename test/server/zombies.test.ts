import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { listenToGroup, newGroup, sendToGroup } from '../support/messages.ts'
import { seededRandom } from '../support/random.ts'
import { isSoak } from '../support/soak.ts'
import { startServer } from '../support/testkit.ts'

const CONNECTS = isSoak ? 10_000 : 1_000
const AT_ONCE = 50

test('Clients that come and go, cut off wherever they are, leave nothing behind', { timeout: 300_000 }, async () => {
  const random = seededRandom()
  const server = await startServer({ limits: { connectionsPerUser: 10 * AT_ONCE, socketsPerAddress: 10 * AT_ONCE } })
  const tom = await server.register('tom')
  const { createGroup } = await tom.request(newGroup, { name: 'The house' })
  const groupId = createGroup.group.id
  const say = () => tom.request(sendToGroup, { input: { groupId, content: 'Who’s there?' } })
  const after = server.app.services.cursors.encode({ position: 0n })
  const subscriptions = [
    'subscription { inbox { cursor } }',
    `subscription { inbox(after: "${after}") { cursor } }`,
    `subscription { groupMessages(groupId: "${groupId}", after: "${after}") { cursor } }`,
    'subscription { directMessages(with: { username: "nobody" }) { cursor } }',
  ]

  /** Sends its part of the handshake at once, and breaks the line after so many answers, or none. */
  async function visit() {
    const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws')
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.on('error', () => {})
    let answers = random.below(4)
    await once(socket, 'open')
    socket.on('message', () => --answers < 0 && socket.terminate())
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${tom.accessToken}` } }))
    if (random.oneIn(10)) socket.terminate()
    await Promise.race([once(socket, 'message'), closed])
    for (const [id, query] of subscriptions.entries()) {
      if (socket.readyState === WebSocket.OPEN) {
        socket.send(JSON.stringify({ type: 'subscribe', id: `${id}`, payload: { query } }))
      }
    }
    if (random.oneIn(2)) socket.terminate()
    else socket.close()
    await closed
  }

  async function visits(count: number) {
    for (let visited = 0; visited < count; visited += AT_ONCE) {
      await Promise.all([say(), ...Array.from({ length: AT_ONCE }, visit)])
    }
    // The server hears of a broken line a little later.
    await expect.poll(() => server.app.census(), { timeout: 20_000 }).toEqual(before)
  }

  const before = server.app.census()
  await visits(AT_ONCE * 6)
  const timersBefore = activeTimers()
  const memoryBefore = collectedMemory()
  await visits(CONNECTS)

  expect(activeTimers()).toBeLessThanOrEqual(timersBefore + AT_ONCE)
  expect(collectedMemory() - memoryBefore).toBeLessThan(5_000_000)
  const ear = tom.listen(listenToGroup, { groupId })
  await ear.ready
  await say()
  await ear.next()
})

function activeTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
}

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Bytes that are still referred to. */
function collectedMemory(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}
