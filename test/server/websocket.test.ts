import { expect, test } from 'vitest'
import { openBareSocket } from '../support/bare-socket.ts'
import { graphql } from '../support/graphql.ts'
import { listenToInbox, sendDirect } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'

const whoAmI = graphql(`query WhoAmI { viewer { username online } }`)
const signOut = graphql(`mutation SignOut { logout { ok } }`)

test('The acknowledgement welcomes who signed in, however the token came', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const authorization = `Bearer ${tom.accessToken}`
  const ways = [
    { payload: { authorization } },
    { payload: { Authorization: authorization } },
    { headers: { authorization } },
    { query: `?token=${tom.accessToken}` },
  ]

  for (const { payload, ...how } of ways) {
    const socket = await openBareSocket(server.url, how)
    socket.send({ type: 'connection_init', payload })
    expect(await socket.next()).toEqual({
      type: 'connection_ack',
      payload: {
        message: 'Welcome, tom',
        connectionId: expect.stringMatching(/^[\w-]{36}$/),
        user: { id: tom.id, username: 'tom', displayName: 'tom' },
      },
    })
  }
})

test('Without a token one may connect, and is told to sign in; with a bad one the door stays shut', async () => {
  const server = await startServer()

  const socket = await openBareSocket(server.url)
  socket.send({ type: 'connection_init' })
  expect(await socket.next()).toMatchObject({ type: 'connection_ack', payload: { user: null } })
  socket.send({ type: 'subscribe', id: '1', payload: { query: '{ viewer { id } }' } })
  expect(await socket.next()).toMatchObject({
    type: 'next',
    payload: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
  })

  const intruder = await openBareSocket(server.url)
  intruder.send({ type: 'connection_init', payload: { authorization: 'Bearer forged' } })
  expect(await intruder.closed).toBe(4403)
})

test('A session’s end closes its sockets and its streams over SSE, and nobody else’s', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const laptop = await server.login(tom)
  const onPhone = tom.listen(listenToInbox, {})
  const onPhoneOverSse = tom.listenOverSse(listenToInbox, {})
  const onLaptop = laptop.listen(listenToInbox, {})
  await Promise.all([onPhone.ready, onPhoneOverSse.ready, onLaptop.ready])
  expect(await tom.request(whoAmI)).toEqual({ viewer: { username: 'tom', online: true } })

  await tom.request(signOut)

  await expect(onPhone.ended).rejects.toMatchObject({ code: 4403 })
  await expect(onPhoneOverSse.ended).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  await laptop.request(sendDirect, {
    input: { to: { id: (await server.register('jerry')).id }, content: 'Still here' },
  })
  expect((await onLaptop.next()).inbox.message.content).toBe('Still here')
})

test('What a socket sends after a subscription is answered once that listens', async () => {
  const server = await startServer()
  const [tom, jerry] = [await server.register('tom'), await server.register('jerry')]
  const socket = await openBareSocket(server.url, { headers: { authorization: `Bearer ${tom.accessToken}` } })
  socket.send({ type: 'connection_init' })
  await socket.next()

  socket.send({
    type: 'subscribe',
    id: 'listen',
    payload: { query: 'subscription { directMessages(with: { username: "jerry" }) { message { content } } }' },
  })
  socket.send({ type: 'subscribe', id: 'ask', payload: { query: '{ __typename }' } })
  expect(await socket.next()).toMatchObject({ type: 'next', id: 'ask' })
  await socket.next()
  await jerry.request(sendDirect, { input: { to: { id: tom.id }, content: 'Hello' } })

  expect(await socket.next()).toEqual({
    type: 'next',
    id: 'listen',
    payload: { data: { directMessages: { message: { content: 'Hello' } } } },
  })
})

test.each([
  ['a syntax error', { query: 'query {' }, 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', { query: '{ nonsense }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['a wrong variable', { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id: {} } }, 'BAD_USER_INPUT'],
])('%s has a code on the socket and over HTTP', async (_what, payload, code) => {
  const server = await startServer()
  const socket = await openBareSocket(server.url)
  socket.send({ type: 'connection_init' })
  await socket.next()
  socket.send({ type: 'subscribe', id: '1', payload })

  expect(JSON.stringify(await socket.next())).toContain(`"code":"${code}"`)
  expect(await (await server.anonymous.post(payload)).text()).toContain(`"code":"${code}"`)
})

test.each([
  ['no JSON', 'hello', 4400],
  ['an operation before the handshake', { type: 'subscribe', id: '1', payload: { query: '{ __typename }' } }, 4401],
  ['a message above the limit', 'x'.repeat(1_000_001), 1009],
])('%s closes the socket with the protocol’s code', async (_what, message, code) => {
  const socket = await openBareSocket((await startServer()).url)

  socket.send(message)

  expect(await socket.closed).toBe(code)
})
