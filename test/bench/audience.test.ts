import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { type Audience, createAudience } from '../../bench/lib/audience.ts'
import { createJudge } from '../../bench/lib/judge.ts'
import { openRawSocket } from '../../bench/lib/raw-socket.ts'

const SIZE = 3

test('frames that are right count, one by one, for every subscriber', async () => {
  const { audience, broadcast } = await gather(['one', 'two'])
  broadcast(frame(7, 'one'))
  broadcast(frame(8, 'two'))
  await audience.reached(2)
  expect(audience.delivered).toBe(2 * SIZE)
})

test('a frame that is written differently and says the same is right', async () => {
  const { audience, broadcast, sendTo } = await gather(['one'])
  broadcast(frame(1, 'one'), SIZE - 1)
  sendTo(SIZE - 1, JSON.stringify(JSON.parse(frame(1, 'one')), null, 1))
  await audience.reached(1)
})

test.for<[fault: string, frames: string[]]>([
  ['another text', [frame(1, 'one'), frame(2, 'something else')]],
  ['the same message twice', [frame(1, 'one'), frame(2, 'one')]],
  ['a number left out', [frame(1, 'one'), frame(3, 'two')]],
  ['an error', [frame(1, 'one'), JSON.stringify({ id: 'g0', type: 'error', payload: [{ message: 'No' }] })]],
  ['the end of the subscription', [frame(1, 'one'), JSON.stringify({ id: 'g0', type: 'complete' })]],
  ['another subscription’s message', [frame(1, 'one'), frame(2, 'two').replace('g0', 'g1')]],
])('%s, sent to everybody, makes it fail', async ([, frames]) => {
  const { audience, broadcast } = await gather(['one', 'two'])
  for (const text of frames) broadcast(text)
  await expect(audience.reached(2)).rejects.toThrow()
})

test.for<[fault: string, text: string]>([
  ['another text', frame(2, 'one')],
  ['one byte changed', frame(2, 'twp')],
  ['an event of another type', frame(2, 'two').replace('CREATED', 'UPDATED')],
])('%s, sent to a single subscriber, makes it fail', async ([, text]) => {
  const { audience, broadcast, sendTo } = await gather(['one', 'two'])
  broadcast(frame(1, 'one'))
  broadcast(frame(2, 'two'), SIZE - 1)
  sendTo(SIZE - 1, text)
  await expect(audience.reached(2)).rejects.toThrow()
})

test('a subscriber whose socket the server closes makes it fail', async () => {
  const { audience, sockets } = await gather(['one'])
  for (const socket of sockets.clients) {
    socket.close(1013, 'Too slow')
    break
  }
  await expect(audience.reached(1)).rejects.toThrow('1013 Too slow')
})

/** A frame of the first group's subscription. */
function frame(seq: number, content: string): string {
  return JSON.stringify({
    id: 'g0',
    type: 'next',
    payload: { data: { groupMessages: { type: 'CREATED', cursor: `c${seq}`, message: { seq, content } } } },
  })
}

/** Subscribers over real sockets, who expect messages with these texts. */
async function gather(texts: string[]) {
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
  })
  await once(sockets, 'listening')
  const { port } = sockets.address() as AddressInfo

  const { expect, judge } = createJudge('g0', 'groupMessages')
  for (const text of texts) expect(text)
  const audience: Audience = createAudience(judge)
  for (let member = 0; member < SIZE; member++) {
    await openRawSocket(`http://127.0.0.1:${port}/`, 'test', { onText: audience.join(), onFailure: audience.fail })
  }
  const sendTo = (member: number, text: string) => [...sockets.clients][member]?.send(text)
  return {
    audience,
    sockets,
    sendTo,
    broadcast(text: string, members = SIZE) {
      for (let member = 0; member < members; member++) sendTo(member, text)
    },
  }
}
