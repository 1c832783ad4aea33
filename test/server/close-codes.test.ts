import { once } from 'node:events'
import { createClient } from 'graphql-ws'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { logoutEverywhere } from '../auth/operations.ts'
import { createEventQueue, type EventQueue } from '../support/event-queue.ts'
import { listenToInbox } from '../support/messages.ts'
import { newDatabase, startServer } from '../support/testkit.ts'

const RETRY_INTERVAL = 20 // ms
const INBOX = { query: 'subscription { inbox { cursor } }' }
const DEEP = `${'['.repeat(50_000)}${']'.repeat(50_000)}`

const init = { type: 'connection_init' }
const subscribe = { type: 'subscribe', id: '1', payload: INBOX }

test.for([
  ['no JSON', ['hello'], 4400],
  ['no object', ['[]'], 4400],
  ['a message without a type', [{ id: '1' }], 4400],
  ['an unknown type', [{ type: 'start' }], 4400],
  ['a subscription without a query', [init, { type: 'subscribe', id: '1', payload: {} }], 4400],
  ['a subscription without an id', [init, { ...subscribe, id: '' }], 4400],
  ['a message that only a server sends', [init, { type: 'connection_ack' }], 4400],
  ['a result', [init, { type: 'next', id: '1', payload: {} }], 4400],
  ['a ping nested too deeply to be answered', [`{"type":"ping","payload":{"a":${DEEP}}}`], 4400],
  ['a subscription before the handshake', [subscribe], 4401],
  ['a subscription in the midst of the handshake', [init, subscribe], 4401],
  ['a second subscription under the same id', ['ready', subscribe, subscribe], 4409],
  ['a second handshake', ['ready', init], 4429],
] as const)(
  '%s closes the socket with the protocol’s code, and is no fault of the server’s',
  async ([_what, messages, code]) => {
    const faults: string[] = []
    const server = await startServer({}, pino({ level: 'error' }, { write: (line) => faults.push(line) }))
    const tom = await server.register('tom')
    const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws', {
      headers: { authorization: `Bearer ${tom.accessToken}` },
    })
    onTestFinished(() => socket.terminate())
    await once(socket, 'open')

    for (const message of messages) {
      if (message === 'ready') {
        socket.send(JSON.stringify(init))
        await once(socket, 'message')
      } else {
        socket.send(typeof message === 'string' ? message : JSON.stringify(message))
      }
    }

    expect((await once(socket, 'close'))[0]).toBe(code)
    expect(faults).toEqual([])
  },
)

test('Who speaks no subprotocol of ours is told so', async () => {
  const server = await startServer()
  const socket = new WebSocket(server.url.replace('http', 'ws'))
  onTestFinished(() => socket.terminate())

  expect((await once(socket, 'close'))[0]).toBe(4406)
})

/** The graphql-ws client as people use it. What it tells: the code of each close, `connected` after each welcome. */
function createReturningClient(url: string, accessToken: () => string): EventQueue<number | 'connected'> {
  const { queue, sink } = createEventQueue<number | 'connected'>()
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    lazy: false,
    connectionParams: () => ({ authorization: `Bearer ${accessToken()}` }),
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true, // also where nobody listens; codes that are for good are kept
    retryWait: () => new Promise((resolve) => setTimeout(resolve, RETRY_INTERVAL)),
    onNonLazyError: (error) => sink.fail(new Error('It has given up', { cause: error })),
    on: {
      connected: () => sink.push('connected'),
      closed: (event) => sink.push((event as CloseEvent).code),
    },
  })
  // By then it may be on its way back to a server that has gone.
  onTestFinished(() => Promise.resolve(client.dispose()).catch(() => {}))
  return queue
}

/** What follows, once it has been sent away in the same way often enough. */
async function after(client: EventQueue<number | 'connected'>, code: number) {
  let heard = await client.next()
  while (heard === code) heard = await client.next()
  return heard
}

test('The graphql-ws client comes back after its session has ended, with a new token', async () => {
  const server = await startServer()
  let tom = await server.register('tom')
  const client = createReturningClient(server.url, () => tom.accessToken)
  expect(await client.next()).toBe('connected')

  await tom.request(logoutEverywhere)
  expect(await client.next()).toBe(4403)
  tom = await server.login(tom)

  expect(await after(client, 4403)).toBe('connected')
})

test('The graphql-ws client comes back once its user has fewer connections', async () => {
  const server = await startServer({ limits: { connectionsPerUser: 1 } })
  const tom = await server.register('tom')
  const other = tom.listen(listenToInbox, {})
  await other.ready

  const client = createReturningClient(server.url, () => tom.accessToken)
  expect(await client.next()).toBe(1013)
  other.close()

  expect(await after(client, 1013)).toBe('connected')
})

test('The graphql-ws client comes back after a restart', async () => {
  const databaseUrl = await newDatabase()
  const server = await startServer({ databaseUrl })
  const tom = await server.register('tom')
  const client = createReturningClient(server.url, () => tom.accessToken)
  expect(await client.next()).toBe('connected')

  await server.stop()
  expect(await client.next()).toBe(1001)
  await startServer({ databaseUrl, port: Number(new URL(server.url).port) })

  // The client's own word for a door that nobody opens.
  expect(await after(client, 1006)).toBe('connected')
})
