import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { statusesOf } from '../fuzz/wire.ts'
import { startServer } from '../support/testkit.ts'

const POST = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
const CROWD = 50
const DRIP = 20 // ms between two bytes

/** Somebody who sends a request so slowly that it never ends. */
async function dribble(url: string, beginning: string): Promise<{ answer: Promise<string> }> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).on('error', () => {})
  let heard = ''
  socket.setEncoding('latin1').on('data', (data) => {
    heard += data
  })
  const answer = new Promise<string>((resolve) => socket.once('close', () => resolve(heard)))
  await once(socket, 'connect')
  socket.write(beginning)
  const dripping = setInterval(() => socket.write('x'), DRIP)
  const stop = () => clearInterval(dripping)
  socket.once('close', stop)
  onTestFinished(() => {
    stop()
    socket.destroy()
  })
  return { answer }
}

test.each([
  ['a head', POST],
  ['a body of a known size', `${POST}Content-Length: 100000\r\n\r\n{`],
  ['a body of any size', `${POST}Transfer-Encoding: chunked\r\n\r\n186a0\r\n{`],
])('Who dribbles %s is cut off, and others are served meanwhile', async (_what, beginning) => {
  const server = await startServer({ limits: { requestTimeout: 1_000 } })
  const crowd = await Promise.all(Array.from({ length: CROWD }, () => dribble(server.url, beginning)))

  expect((await server.anonymous.post({ query: '{ __typename }' })).status).toBe(200)

  const statuses = (await Promise.all(crowd.map(({ answer }) => answer))).map(statusesOf)
  // Who sends on may miss why he is cut off.
  expect(statuses.filter((heard) => heard.length > 0).flat()).toContain(408)
  expect(new Set(statuses.flat())).toEqual(new Set([408]))
  await server.stop()
})

test('Who connects and says nothing is hung up on', async () => {
  const { url } = await startServer({ limits: { requestTimeout: 500 } })
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).resume()
  onTestFinished(() => void socket.destroy())

  await once(socket, 'close')
})

test('An upload has a time of its own', async () => {
  const server = await startServer({ limits: { requestTimeout: 60_000, uploadTimeout: 500 } })
  const tom = await server.register('tom')
  const head = `POST /media HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tom.accessToken}\r\nContent-Length: 100000\r\n\r\n`
  const { answer } = await dribble(server.url, head)

  expect(statusesOf(await answer)).toEqual([408])
})
