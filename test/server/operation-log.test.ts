import { expect, test } from 'vitest'
import { createLogger } from '../../src/logger.ts'
import { openBareSocket } from '../support/bare-socket.ts'
import { graphql } from '../support/graphql.ts'
import { listenToInbox, sendDirect } from '../support/messages.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'

const nameMyself = graphql(`query NameMyself { viewer { username } }`)

interface Line {
  msg: string
  [key: string]: unknown
}

async function startLoggedServer(level = 'debug') {
  const lines: Line[] = []
  const text: string[] = []
  const logger = createLogger(level, {
    write(line) {
      text.push(line)
      lines.push(JSON.parse(line))
    },
  })
  return { server: await startServer({}, logger), lines, text }
}

test('At level debug, an operation is a line: what it was, how long it took, what came of it, and whose it was', async () => {
  const { server, lines } = await startLoggedServer()
  const tom = await server.register('tom')
  await tom.request(nameMyself)
  await tom.post({ query: `query ${'N'.repeat(500)} { viewer { username } }` })
  await expect(server.anonymous.request(nameMyself)).rejects.toThrow()

  const [registered, named, long, refused] = lines.filter(({ msg }) => msg === 'Operation ended')
  expect(registered).toMatchObject({ transport: 'http', type: 'mutation', name: 'RegisterTestUser', outcome: 'ok' })
  expect(named).toMatchObject({
    level: 20,
    transport: 'http',
    type: 'query',
    name: 'NameMyself',
    outcome: 'ok',
    duration: expect.any(Number),
    address: expect.stringContaining('127.0.0.1'),
    userId: expect.stringMatching(/^[\w-]{36}$/),
    requestId: expect.stringMatching(/^[\w-]{36}$/),
  })
  expect(long?.['name']).toBe('N'.repeat(64))
  expect(refused).toMatchObject({ name: 'NameMyself', outcome: ['UNAUTHENTICATED'] })
})

test('A subscription is a line when it begins and one when it ends, however much it tells; on a socket as over SSE', async () => {
  const { server, lines } = await startLoggedServer()
  const [tom, jerry] = [await server.register('tom'), await server.register('jerry')]
  const listeners = [jerry.listen(listenToInbox, {}), jerry.listenOverSse(listenToInbox, {})]
  await Promise.all(listeners.map(({ ready }) => ready))
  for (let told = 0; told < 5; told++) {
    await tom.request(sendDirect, { input: { to: { username: 'jerry' }, content: `${told}` } })
    await Promise.all(listeners.map((listener) => listener.next()))
  }
  jerry.close()

  const of = (transport: string, event: string) =>
    lines.filter(({ msg, ...line }) => msg === event && line['transport'] === transport)
  for (const transport of ['websocket', 'sse']) {
    await poll(async () => of(transport, 'Subscription ended').length, 1)
    const [begun, ...more] = of(transport, 'Subscription begun')
    const [ended] = of(transport, 'Subscription ended')
    expect(more).toEqual([])
    expect(begun).toMatchObject({ name: 'ListenToInbox', outcome: 'ok', requestId: ended?.['requestId'] })
    expect(ended).toMatchObject({ name: 'ListenToInbox', userId: begun?.['userId'] })
  }
})

test('No token, password, variable or message gets into the log, even at its most talkative', async () => {
  const { server, text } = await startLoggedServer('trace')
  const [tom] = [await server.register('tom'), await server.register('jerry')]
  await server.login(tom)
  await expect(server.login({ username: 'tom', password: 'mistyped-password' })).rejects.toThrow()
  await tom.request(sendDirect, { input: { to: { username: 'jerry' }, content: 'between-the-two' } })
  await tom.post({ query: 'mutation { login(input: { login: "tom", password: "inline-password" }) { nothing } }' })
  await fetch(server.url.replace('graphql', 'media/unguessable.png?token=secret-token'))
  const socket = await openBareSocket(server.url, { query: `?token=${tom.accessToken}` })
  socket.send({ type: 'connection_init' })
  await socket.next()
  socket.send({
    type: 'subscribe',
    id: '1',
    payload: { query: '{ viewer { username } }', variables: { v: 'a-variable' } },
  })
  await socket.next()

  const log = text.join('')
  expect(log).toContain('Operation ended')
  const secrets = [tom.password, 'mistyped-password', 'inline-password', tom.accessToken, tom.refreshToken]
  for (const secret of [...secrets, 'between-the-two', 'unguessable', 'secret-token', 'a-variable']) {
    expect(log).not.toContain(secret)
  }
})

test('At level info, operations aren’t told of', async () => {
  const { server, lines } = await startLoggedServer('info')
  const tom = await server.register('tom')
  await tom.request(nameMyself)

  expect(lines.at(-1)).toMatchObject({ msg: expect.stringMatching(/^ChatServer listens on http/) })
})
