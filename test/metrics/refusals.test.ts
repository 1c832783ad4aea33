import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { openSignedInSocket } from '../support/bare-socket.ts'
import { listenToInbox } from '../support/messages.ts'
import { poll } from '../support/patience.ts'
import { startServer, type TestServer } from '../support/testkit.ts'
import { readMetric } from './read-metrics.ts'

const INBOX = 'subscription { inbox { cursor } }'
const refusals = (server: TestServer, limit: string) =>
  readMetric(server, `chatserver_refusals_total{limit="${limit}"}`)

test('What a limit refuses is counted by the limit, on every transport', async () => {
  const limits = { subscriptionsPerSocket: 1, connectionsPerUser: 2, messageBytes: 20_000, mediaBytes: 1_000 }
  const server = await startServer({ limits })
  const tom = await server.register('tom')
  const { send, next } = await openSignedInSocket(server.url, tom.accessToken)

  for (const id of ['1', '2']) send({ type: 'subscribe', id, payload: { query: INBOX } })
  await next()
  expect(await refusals(server, 'subscriptionsPerSocket')).toBe(1)

  const stream = tom.listenOverSse(listenToInbox, {})
  await stream.ready
  await expect(tom.listenOverSse(listenToInbox, {}).next()).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  expect(await refusals(server, 'connectionsPerUser')).toBe(1)
  const third = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws')
  const closed = new Promise((resolve) => third.once('close', resolve))
  third.once('open', () => {
    const payload = { authorization: `Bearer ${tom.accessToken}` }
    third.send(JSON.stringify({ type: 'connection_init', payload }))
  })
  expect(await closed).toBe(1013)
  expect(await refusals(server, 'connectionsPerUser')).toBe(2)

  await tom.post({ query: `{ viewer { id } } # ${'x'.repeat(30_000)}` })
  expect(await refusals(server, 'REQUEST_ENTITY_TOO_LARGE')).toBe(1)
  const headers = { authorization: `Bearer ${tom.accessToken}` }
  await fetch(server.url.replace('graphql', 'media'), { method: 'POST', headers, body: Buffer.alloc(2_000) })
  expect(await refusals(server, 'REQUEST_ENTITY_TOO_LARGE')).toBe(2)
  expect(await readMetric(server, 'chatserver_uploads_total{outcome="REQUEST_ENTITY_TOO_LARGE"}')).toBe(1)
})

test('A socket that is refused before it is one is counted', async () => {
  const server = await startServer({ limits: { socketsPerAddress: 1 } })
  const tom = await server.register('tom')
  await openSignedInSocket(server.url, tom.accessToken)

  await expect(openSignedInSocket(server.url, tom.accessToken)).rejects.toThrow('429')
  expect(await refusals(server, 'socketsPerAddress')).toBe(1)
})

test('Uploads are counted, and their bytes', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const headers = { authorization: `Bearer ${tom.accessToken}` }
  const response = await fetch(server.url.replace('graphql', 'media'), {
    method: 'POST',
    headers,
    body: 'Just a text.',
  })

  expect(response.status).toBe(201)
  expect(await readMetric(server, 'chatserver_uploads_total{outcome="ok"}')).toBe(1)
  expect(await readMetric(server, 'chatserver_upload_bytes_total')).toBe(12)
})

test('Who doesn’t read what he asks for is counted once, when he is let go', async () => {
  const server = await startServer({ limits: { waitingBytes: 100_000 } })
  const tom = await server.register('tom')
  const { socket, send, closed } = await openSignedInSocket(server.url, tom.accessToken)
  socket.pause()
  for (let asked = 0; asked < 60; asked++) send({ type: 'ping', payload: { echo: 'x'.repeat(500_000) } })

  await poll(async () => readMetric(server, 'chatserver_slow_readers_closed_total{transport="websocket"}'), 1)
  socket.resume()
  expect(await closed).toBe(1013)
  expect(await readMetric(server, 'chatserver_slow_readers_closed_total{transport="websocket"}')).toBe(1)
})
