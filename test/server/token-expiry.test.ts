import { createClient } from 'graphql-ws'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { refreshSession } from '../auth/operations.ts'
import { shorten } from '../auth/short-lived.ts'
import type { ListenToGroupSubscription } from '../generated/graphql.ts'
import { listenToGroup, listenToInbox, newGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { bodyOf, dataOf } from '../support/operation.ts'
import { startServer } from '../support/testkit.ts'
import { wholeHistory } from '../support/whole-history.ts'

const jwtSecret = 'a secret of at least 32 characters'
const TIMER_INACCURACY = 5 // ms

test('When its token expires, a socket closes with 4403 and a stream over SSE with UNAUTHENTICATED; a fresher one goes on', async () => {
  const server = await startServer({ jwtSecret })
  const [tom, jerry] = [await server.register('tom'), await server.register('jerry')]
  const fresh = jerry.listen(listenToInbox, {})
  await fresh.ready
  const { token, expiresAt } = await shorten(jerry.accessToken, jwtSecret, 1_000)
  const stale = server.withToken(token)
  const [socket, stream] = [stale.listen(listenToInbox, {}), stale.listenOverSse(listenToInbox, {})]
  await Promise.all([socket.ready, stream.ready])

  await Promise.all([
    expect(socket.ended).rejects.toMatchObject({ code: 4403 }),
    expect(stream.ended).rejects.toMatchObject({ code: 'UNAUTHENTICATED' }),
  ])

  expect(Date.now()).toBeGreaterThanOrEqual(expiresAt - TIMER_INACCURACY)
  await tom.request(sendDirect, { input: { to: { username: 'jerry' }, content: 'Still there?' } })
  expect((await fresh.next()).inbox.message.content).toBe('Still there?')
})

test('The graphql-ws client carries on by itself from token to token, without a hole', async () => {
  const server = await startServer({ jwtSecret })
  const [tom, jerry] = [await server.register('tom'), await server.register('jerry')]
  const { createGroup } = await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id] })
  const { id: groupId, cursor } = createGroup.group
  const closeCodes: unknown[] = []
  let { refreshToken } = jerry
  const client = createClient({
    url: server.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    async connectionParams() {
      const refreshed = (await server.anonymous.request(refreshSession, { refreshToken })).refreshSession
      refreshToken = refreshed.refreshToken
      const { token } = await shorten(refreshed.accessToken, jwtSecret, 500)
      return { authorization: `Bearer ${token}` }
    },
    retryWait: async () => {},
    on: { closed: (event) => closeCodes.push((event as CloseEvent).code) },
  })
  onTestFinished(() => client.dispose())

  const heard: ListenToGroupSubscription['groupMessages'][] = []
  const end = Promise.withResolvers<void>()
  // The client reads its variables anew with each connection.
  const variables = { groupId, after: cursor }
  client.subscribe<ListenToGroupSubscription>(bodyOf(listenToGroup, variables), {
    next(answer) {
      const event = dataOf(answer).groupMessages
      heard.push(event)
      variables.after = event.cursor
      if (event.message.content === 'The end') end.resolve()
    },
    error: end.reject,
    complete: () => end.reject(new Error('The server has ended it.')),
  })
  const say = (content: string) => tom.request(sendToGroup, { input: { groupId, content } })
  while (closeCodes.length < 3) await say(`message ${heard.length}`)
  await say('The end')
  await end.promise

  expect(new Set(closeCodes)).toEqual(new Set([4403]))
  const history = await wholeHistory(jerry, groupId)
  expect(heard.map(({ message }) => message)).toEqual(history.filter(({ kind }) => kind !== 'SYSTEM'))
})
