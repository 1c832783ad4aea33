import { expect, test } from 'vitest'
import { newDatabase, startServer } from '../support/testkit.ts'
import {
  endSession,
  login,
  logout,
  logoutEverywhere,
  refreshSession,
  register,
  sessionNode,
  sessions,
  viewer,
} from './operations.ts'

const wrong = { code: 'UNAUTHENTICATED', message: 'Wrong username, email address or password.' }
const unauthenticated = { code: 'UNAUTHENTICATED' }

test('one signs in by username or email address, in any case', async () => {
  const server = await startServer()
  const password = 'cheese for jerry'
  await server.anonymous.request(register, { input: { username: 'Jerry', email: 'Jerry@Temp.com', password } })

  for (const name of ['Jerry', 'jerry', ' JERRY ', 'jerry@temp.com', 'JERRY@TEMP.COM']) {
    const answer = await server.anonymous.request(login, { login: name, password })
    expect(answer.login.user).toMatchObject({ username: 'Jerry', email: 'Jerry@Temp.com' })
    expect(Date.parse(answer.login.accessTokenExpiresAt) - Date.now()).toBeLessThanOrEqual(15 * 60_000)
  }
})

test('a wrong password and an unknown name are told the same', async () => {
  const server = await startServer()
  const { password } = await server.register('tom')
  const attempts = [
    { login: 'tom', password: 'not his password' },
    { login: 'tom', password: '' },
    { login: 'tom', password: `${password} ` },
    { login: 'nobody', password },
    { login: 'nobody@temp.com', password },
    { login: '', password },
    { login: 'tom\0', password },
  ]

  for (const attempt of attempts) await expect(server.anonymous.request(login, attempt)).rejects.toMatchObject(wrong)
})

test('who is not signed in, or with a token that is none, is told so', async () => {
  const server = await startServer()

  await expect(server.anonymous.request(viewer)).rejects.toMatchObject(unauthenticated)
  await expect(server.withToken('nonsense').request(viewer)).rejects.toMatchObject({
    ...unauthenticated,
    message: expect.stringContaining('invalid'),
  })
  await expect(server.anonymous.request(sessions)).rejects.toMatchObject(unauthenticated)
  await expect(server.anonymous.request(logout)).rejects.toMatchObject(unauthenticated)
  await expect(server.anonymous.request(logoutEverywhere)).rejects.toMatchObject(unauthenticated)
})

test('a token of another server is refused', async () => {
  const [server, other] = [await startServer(), await startServer()]
  const { accessToken } = await other.register('tom')

  await expect(server.withToken(accessToken).request(viewer)).rejects.toMatchObject(unauthenticated)
})

test('a stale token does not keep anyone from signing in', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  await tom.request(logout)

  await expect(tom.request(login, { login: 'tom', password: tom.password })).resolves.toBeDefined()
})

test('logging out ends the session at once, and no other', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const phone = await server.login(tom)
  await tom.request(viewer)
  expect(await tom.request(logout)).toEqual({ logout: { ok: true } })

  await expect(tom.request(viewer)).rejects.toMatchObject({ message: expect.stringContaining('ended') })
  await expect(server.anonymous.request(refreshSession, { refreshToken: tom.refreshToken })).rejects.toMatchObject(
    unauthenticated,
  )
  await expect(phone.request(viewer)).resolves.toBeDefined()
})

test('logging out everywhere ends all sessions of the user, and of no other', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const phone = await server.login(tom)
  const jerry = await server.register('jerry')
  await phone.request(viewer)
  expect(await tom.request(logoutEverywhere)).toEqual({ logoutEverywhere: { ok: true } })

  await expect(tom.request(viewer)).rejects.toMatchObject(unauthenticated)
  await expect(phone.request(viewer)).rejects.toMatchObject(unauthenticated)
  await expect(jerry.request(viewer)).resolves.toBeDefined()
})

test('one ends one of one’s own sessions at once, and nobody else’s', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const phone = await server.login(tom)
  const jerry = await server.register('jerry')
  const [mine] = (await phone.request(sessions)).sessions.filter(({ current }) => current)
  const sessionId = mine?.id ?? ''
  await expect(jerry.request(endSession, { sessionId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(server.anonymous.request(endSession, { sessionId })).rejects.toMatchObject(unauthenticated)
  await expect(tom.request(endSession, { sessionId: tom.id })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  await expect(phone.request(viewer)).resolves.toBeDefined()

  const { endSession: ended } = await tom.request(endSession, { sessionId })
  expect(ended.endedSessionId).toBe(sessionId)
  await expect(phone.request(viewer)).rejects.toMatchObject(unauthenticated)
  await expect(server.anonymous.request(refreshSession, { refreshToken: phone.refreshToken })).rejects.toMatchObject(
    unauthenticated,
  )
  await expect(tom.request(viewer)).resolves.toBeDefined()
  await expect(tom.request(endSession, { sessionId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('one sees one’s own sessions, and which of them asks', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const phone = await server.login(tom)
  await server.register('jerry')

  const { sessions: seen } = await phone.request(sessions)
  expect(seen).toHaveLength(2)
  expect(seen.map(({ current }) => current)).toEqual([true, false])
  expect(seen[0]).toMatchObject({ userAgent: 'node', createdAt: seen[0]?.lastUsedAt })
})

test('refreshing counts as using a session', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const phone = await server.login(tom)
  await tom.request(refreshSession, { refreshToken: tom.refreshToken })

  expect((await phone.request(sessions)).sessions.map(({ current }) => current)).toEqual([false, true])
})

test('a session is a node to its owner alone', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const [session] = (await tom.request(sessions)).sessions
  const id = session?.id ?? ''

  expect(await tom.request(sessionNode, { id })).toEqual({ node: { __typename: 'Session', id } })
  expect(await jerry.request(sessionNode, { id })).toEqual({ node: null })
  await expect(server.anonymous.request(sessionNode, { id })).rejects.toMatchObject(unauthenticated)
})

test('sessions outlive the server', async () => {
  const databaseUrl = await newDatabase()
  const server = await startServer({ databaseUrl })
  const tom = await server.register('tom')
  await server.stop()
  const again = await startServer({ databaseUrl })

  await expect(again.withToken(tom.accessToken).request(viewer)).resolves.toMatchObject({ viewer: { username: 'tom' } })
  await expect(again.anonymous.request(refreshSession, { refreshToken: tom.refreshToken })).resolves.toBeDefined()
})
