import { afterEach, expect, test, vi } from 'vitest'
import { signIn } from '../../examples/session.ts'
import { logoutEverywhere, viewer } from '../auth/operations.ts'
import { startServer } from '../support/testkit.ts'

const QUARTER_OF_AN_HOUR = 15 * 60_000 // ms: what an access token is good for

afterEach(() => void vi.useRealTimers())

test('Who has signed in has a good token, however late he asks for it', async () => {
  const server = await startServer()
  const { username, password } = await server.register('tom')
  vi.useFakeTimers({ toFake: ['Date'] })
  const getToken = await signIn(server.url, username, password)

  const tokens = [await getToken(), await getToken()]
  vi.setSystemTime(Date.now() + QUARTER_OF_AN_HOUR)
  tokens.push(...(await Promise.all([getToken(), getToken()])))
  const [first = '', again, later = '', likewise] = tokens

  expect([again, likewise]).toEqual([first, later])
  await expect(server.withToken(first).request(viewer)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  expect(await server.withToken(later).request(viewer)).toMatchObject({ viewer: { username } })
})

test('A session that is over is told of, and so is another password', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  vi.useFakeTimers({ toFake: ['Date'] })
  const getToken = await signIn(server.url, tom.username, tom.password)
  await tom.request(logoutEverywhere)
  vi.setSystemTime(Date.now() + QUARTER_OF_AN_HOUR)

  const over = { code: 'UNAUTHENTICATED', isTemporary: false }
  await expect(getToken()).rejects.toMatchObject(over)
  await expect(signIn(server.url, tom.username, 'another one')).rejects.toMatchObject(over)
})

test('A refresh that fails for a moment is made good with the next one', async () => {
  const server = await startServer()
  const { username, password } = await server.register('tom')
  vi.useFakeTimers({ toFake: ['Date'] })
  const getToken = await signIn(server.url, username, password)
  vi.setSystemTime(Date.now() + QUARTER_OF_AN_HOUR)
  const failure = vi.spyOn(server.app.services.sessions, 'refresh').mockRejectedValueOnce(new Error('Out of order'))

  await expect(getToken()).rejects.toMatchObject({ isTemporary: true })
  expect(await server.withToken(await getToken()).request(viewer)).toMatchObject({ viewer: { username } })
  expect(failure).toHaveBeenCalledTimes(2)
})
