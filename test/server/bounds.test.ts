import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { decodeId } from '../../src/ids.ts'
import { openBareSocket, openSignedInSocket } from '../support/bare-socket.ts'
import { listenToInbox, sendDirect } from '../support/messages.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'

const INBOX = 'subscription { inbox { cursor } }'

test('One socket can’t open 5,000 subscriptions, and what it may have goes on', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const socket = await openSignedInSocket(server.url, tom.accessToken)

  for (let id = 1; id <= 5_000; id++) socket.send({ type: 'subscribe', id: `${id}`, payload: { query: INBOX } })
  const refused: unknown[] = []
  while (refused.length < 4_900) refused.push(await socket.next())

  expect(refused[0]).toMatchObject({
    type: 'error',
    id: '101',
    payload: [{ extensions: { code: 'RATE_LIMITED', retryAfter: 1 }, message: expect.stringContaining('100') }],
  })
  socket.send({ type: 'complete', id: '1' })
  socket.send({ type: 'subscribe', id: 'again', payload: { query: INBOX } })
  socket.send({ type: 'subscribe', id: 'ask', payload: { query: '{ viewer { username } }' } })
  expect(await socket.next()).toMatchObject({ type: 'next', id: 'ask', payload: { data: { viewer: {} } } })
})

test('One socket has so many queries and mutations under way at most', async () => {
  const server = await startServer({ limits: { operationsPerSocket: 3 } })
  const tom = await server.register('tom')
  const socket = await openSignedInSocket(server.url, tom.accessToken)

  for (let id = 1; id <= 4; id++) {
    socket.send({ type: 'subscribe', id: `${id}`, payload: { query: '{ users { edges { cursor } } }' } })
  }

  expect(await socket.next()).toMatchObject({
    type: 'error',
    id: '4',
    payload: [{ extensions: { code: 'RATE_LIMITED' } }],
  })
  const answers = [await socket.next(), await socket.next(), await socket.next()]
  expect(answers.map(({ type }) => type)).not.toContain('error')
})

test('Whoever asks and asks without reading the answers is let go', async () => {
  const server = await startServer({ limits: { waitingBytes: 100_000 } })
  const tom = await server.register('tom')
  const { socket, send, closed } = await openSignedInSocket(server.url, tom.accessToken)
  socket.pause()

  // More than the system's buffers take: once all has gone, the server has had to let its answers wait.
  for (let asked = 0; asked < 60; asked++) send({ type: 'ping', payload: { echo: 'x'.repeat(500_000) } })
  await poll(async () => socket.bufferedAmount, 0)
  socket.resume()
  expect(await closed).toBe(1013)
})

test('An id that is used again at once is refused or served, and never forgotten', async () => {
  const server = await startServer()
  const [tom, jerry] = [await server.register('tom'), await server.register('jerry')]
  const { send, next, closed } = await openSignedInSocket(server.url, tom.accessToken)
  const listen = { type: 'subscribe', id: 'inbox', payload: { query: INBOX } }
  send(listen)
  send({ type: 'subscribe', id: 'ready', payload: { query: '{ __typename }' } })
  await next()
  await next()

  send({ type: 'complete', id: 'inbox' })
  send(listen)
  send({ type: 'subscribe', id: 'again', payload: { query: '{ __typename }' } })
  const served = next().then(async () => {
    await next()
    await jerry.request(sendDirect, { input: { to: { username: 'tom' }, content: 'Hello' } })
    return (await next()).id
  })
  expect([4409, 'inbox']).toContain(await Promise.race([closed, served]))
})

test('One user has so many connections, sockets and SSE together; another one is told to come back', async () => {
  const server = await startServer({ limits: { connectionsPerUser: 2 } })
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const first = await openSignedInSocket(server.url, tom.accessToken)
  const overSse = tom.listenOverSse(listenToInbox, {})
  await overSse.ready

  const third = await openBareSocket(server.url)
  third.send({ type: 'connection_init', payload: { authorization: `Bearer ${tom.accessToken}` } })
  expect(await third.closed).toBe(1013)
  await expect(tom.listenOverSse(listenToInbox, {}).next()).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  await openSignedInSocket(server.url, jerry.accessToken)
  // The refused stream listens to nothing.
  expect(server.app.census()).toMatchObject({ connections: 3 })
  expect(server.app.services.presence.connectionsOf(decodeId(tom.id, 'User', 'id'))).toBe(2)

  first.socket.close()
  await first.closed
  await tom.listen(listenToInbox, {}).ready
})

test('One address has so many sockets', async () => {
  const server = await startServer({ limits: { socketsPerAddress: 1 } })
  const first = await openBareSocket(server.url)

  await expect(openBareSocket(server.url)).rejects.toThrow('429')

  first.socket.terminate()
  await first.closed
  // The server hears of the close a little later than the client.
  await expect
    .poll(() =>
      openBareSocket(server.url).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true)
})

test('Requests and messages have a largest size', async () => {
  const server = await startServer({ limits: { messageBytes: 20_000 } })
  const query = `{ __typename } # ${'x'.repeat(20_000)}`

  expect((await server.anonymous.post({ query })).status).toBe(413)
  expect((await postInPieces(server.url, { query })).status).toBe(413)
  const socket = await openBareSocket(server.url)
  socket.send({ type: 'ping', payload: { query } })
  expect(await socket.closed).toBe(1009)
})

test('Who doesn’t introduce himself is shut out', async () => {
  const socket = await openBareSocket((await startServer({ limits: { connectionInitTimeout: 50 } })).url)

  expect(await socket.closed).toBe(4408)
})

test('A peer that answers no ping is dropped', async () => {
  const server = await startServer({ limits: { pingInterval: 100 } })
  const tom = await server.register('tom')
  const gone = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws', {
    autoPong: false,
    headers: { authorization: `Bearer ${tom.accessToken}` },
  })
  onTestFinished(() => gone.terminate())
  await once(gone, 'open')
  gone.send(JSON.stringify({ type: 'connection_init' }))
  await once(gone, 'message')
  const alive = await openSignedInSocket(server.url, tom.accessToken)

  expect((await once(gone, 'close'))[0]).toBe(1006)
  expect(alive.socket.readyState).toBe(WebSocket.OPEN)
})

test('A subscription that fails to begin holds nothing', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const before = server.app.census()
  const { member } = server.app.services.database.read
  const fault = vi.spyOn(member, 'findMany').mockRejectedValueOnce(new Error('The disk is on fire'))

  const ear = tom.listen(listenToInbox, {})
  await expect(ear.ended).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' })
  tom.close()
  await poll(async () => server.app.census().connections, 0)
  expect(server.app.census()).toEqual(before)
  fault.mockRestore()
})

test('A body that comes in pieces, of unknown size, is read whole', async () => {
  const { url } = await startServer()
  const response = await postInPieces(url, { query: '{ __type(name: "😀") { name } __typename }' })

  expect(await response.json()).toEqual({ data: { __type: null, __typename: 'Query' } })
})

/** Byte by byte at first, so that pieces end within characters. */
async function postInPieces(url: string, operation: object): Promise<Response> {
  const bytes = Buffer.from(JSON.stringify(operation))
  const posting = request(url, { method: 'POST', headers: { 'content-type': 'application/json' } })
  for (const byte of bytes.subarray(0, 100)) posting.write(Buffer.from([byte]))
  posting.end(bytes.subarray(100))
  const [answer] = (await once(posting, 'response')) as [IncomingMessage]
  return new Response(await text(answer), { status: answer.statusCode ?? 0 })
}
