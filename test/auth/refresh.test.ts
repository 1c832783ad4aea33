import { expect, test } from 'vitest'
import { startServer, type TestServer } from '../support/testkit.ts'
import { refreshSession, sessions, viewer } from './operations.ts'

const spent = { code: 'UNAUTHENTICATED', message: expect.stringContaining('spent before') }
const unknown = { code: 'UNAUTHENTICATED', message: expect.stringContaining('Unknown') }

/** Tom at one device, with a shorthand for refreshing. */
async function startWithTom() {
  const server = await startServer()
  const tom = await server.register('tom')
  const refresh = async (refreshToken: string) =>
    (await server.anonymous.request(refreshSession, { refreshToken })).refreshSession
  return { server, tom, refresh }
}

async function expectSignedIn(server: TestServer, accessToken: string, signedIn: boolean) {
  const answer = server.withToken(accessToken).request(viewer)
  if (signedIn) await expect(answer).resolves.toMatchObject({ viewer: { username: 'tom' } })
  else await expect(answer).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
}

test('a refresh token gives new tokens of the same session', async () => {
  const { server, tom, refresh } = await startWithTom()
  const refreshed = await refresh(tom.refreshToken)

  expect(refreshed.user.id).toBe(tom.id)
  expect(refreshed.refreshToken).not.toBe(tom.refreshToken)
  expect(refreshed.accessToken).not.toBe(tom.accessToken)
  const days = (Date.parse(refreshed.refreshTokenExpiresAt) - Date.now()) / (24 * 60 * 60_000)
  expect(days).toBeCloseTo(30, 1)
  await expectSignedIn(server, refreshed.accessToken, true)
  await expectSignedIn(server, tom.accessToken, true)
  expect((await tom.request(sessions)).sessions).toHaveLength(1)
})

test('a session goes on from refresh to refresh', async () => {
  const { server, tom, refresh } = await startWithTom()
  let { refreshToken, accessToken } = tom as { refreshToken: string; accessToken: string }
  for (let round = 0; round < 4; round++) ({ refreshToken, accessToken } = await refresh(refreshToken))

  await expectSignedIn(server, accessToken, true)
})

test('whoever lost the answer may try again, as often as it takes', async () => {
  const { server, tom, refresh } = await startWithTom()
  await refresh(tom.refreshToken)
  await refresh(tom.refreshToken)
  const { refreshToken } = await refresh(tom.refreshToken)

  const next = await refresh(refreshToken)
  await expectSignedIn(server, next.accessToken, true)
})

test('the old token is spent once its successor has been used', async () => {
  const { server, tom, refresh } = await startWithTom()
  const first = await refresh(tom.refreshToken)
  const second = await refresh(first.refreshToken)

  await expect(refresh(tom.refreshToken)).rejects.toMatchObject(spent)
  await expectSignedIn(server, second.accessToken, false)
  await expect(refresh(second.refreshToken)).rejects.toMatchObject(unknown)
})

test('of the tokens that retries were given, one may be used: a second one is reuse', async () => {
  const { server, tom, refresh } = await startWithTom()
  const lost = await refresh(tom.refreshToken)
  const received = await refresh(tom.refreshToken)
  const next = await refresh(received.refreshToken)

  await expect(refresh(lost.refreshToken)).rejects.toMatchObject(spent)
  await expectSignedIn(server, next.accessToken, false)
})

test('reuse ends its own session alone', async () => {
  const { server, tom, refresh } = await startWithTom()
  const otherDevice = await server.login(tom)
  await refresh((await refresh(tom.refreshToken)).refreshToken)
  await expect(refresh(tom.refreshToken)).rejects.toMatchObject(spent)

  await expectSignedIn(server, tom.accessToken, false)
  await expectSignedIn(server, otherDevice.accessToken, true)
  await expect(refresh(otherDevice.refreshToken)).resolves.toBeDefined()
})

test('refreshes side by side all get a good token, and one of these goes on', async () => {
  const { server, tom, refresh } = await startWithTom()
  const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(tom.refreshToken)))

  expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(5)
  const next = await refresh(answers[3]?.refreshToken ?? '')
  await expectSignedIn(server, next.accessToken, true)
})

test('anything else is no refresh token', async () => {
  const { tom, refresh } = await startWithTom()
  for (const other of ['', 'nonsense', 'A'.repeat(43), tom.accessToken]) {
    await expect(refresh(other)).rejects.toMatchObject(unknown)
  }
})

test('the tokens themselves are not stored', async () => {
  const { server, tom, refresh } = await startWithTom()
  const { refreshToken } = await refresh(tom.refreshToken)
  const stored = JSON.stringify(await server.app.services.database.read.refreshToken.findMany())

  expect(stored).not.toContain(tom.refreshToken)
  expect(stored).not.toContain(refreshToken)
})
