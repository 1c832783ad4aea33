import { expect, test } from 'vitest'
import { refreshSession, viewer } from '../auth/operations.ts'
import { listenToInbox, newGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'

const SPENT = { code: 'UNAUTHENTICATED', message: expect.stringContaining('spent before') }

const timeout = 60_000 // ms, for a busy machine

/** Tom with a socket and a stream at one device, and another device. The thief has a copy of a refresh token. */
async function scene() {
  const server = await startServer()
  const tom = await server.register('tom')
  const tablet = await server.login(tom)
  const [ear, stream, elsewhere] = [
    tom.listen(listenToInbox, {}),
    tom.listenOverSse(listenToInbox, {}),
    tablet.listen(listenToInbox, {}),
  ]
  await Promise.all([ear.ready, stream.ready, elsewhere.ready])
  const refresh = async (refreshToken: string) =>
    (await server.anonymous.request(refreshSession, { refreshToken })).refreshSession

  /** The session has ended, with what was live in it; the other device's goes on. */
  async function expectLockedOut(...accessTokens: string[]) {
    await expect(ear.ended).rejects.toMatchObject({ code: 4403 })
    await expect(stream.ended).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    for (const token of accessTokens) {
      await expect(server.withToken(token).request(viewer)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    }
    await tablet.request(newGroup, { name: 'Still here' })
    expect((await elsewhere.next()).inbox.message.kind).toBe('SYSTEM')
  }

  /** Nobody has been cut off. */
  async function expectUndisturbed() {
    await tablet.request(newGroup, { name: 'All here' })
    for (const listener of [ear, stream, elsewhere]) expect((await listener.next()).inbox.message.kind).toBe('SYSTEM')
  }

  return { server, tom, refresh, expectLockedOut, expectUndisturbed }
}

test('A thief who comes after the owner ends the session, and has nothing', { timeout }, async () => {
  const { tom, refresh, expectLockedOut } = await scene()
  const next = await refresh(tom.refreshToken)
  const newest = await refresh(next.refreshToken)

  await expect(refresh(tom.refreshToken)).rejects.toMatchObject(SPENT)

  await expectLockedOut(tom.accessToken, next.accessToken, newest.accessToken)
  await expect(refresh(newest.refreshToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('A thief who comes before the owner loses all that he got when the owner comes', { timeout }, async () => {
  const { tom, refresh, expectLockedOut } = await scene()
  const stolen = await refresh(tom.refreshToken)
  const used = await refresh(stolen.refreshToken)

  await expect(refresh(tom.refreshToken)).rejects.toMatchObject(SPENT)

  await expectLockedOut(stolen.accessToken, used.accessToken)
  await expect(refresh(used.refreshToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('A thief who comes at the same moment as the owner is found out by the next refresh but one', {
  timeout,
}, async () => {
  const { tom, refresh, expectLockedOut } = await scene()
  const [owners, thiefs] = await Promise.all([refresh(tom.refreshToken), refresh(tom.refreshToken)])
  // Only one of the two can go on: which one, nobody can know.
  const newest = await refresh(thiefs.refreshToken)

  await expect(refresh(owners.refreshToken)).rejects.toMatchObject(SPENT)

  await expectLockedOut(owners.accessToken, thiefs.accessToken, newest.accessToken)
})

test('Whoever tries again after a lost answer is no thief, and keeps his sockets', { timeout }, async () => {
  const { tom, refresh, expectUndisturbed } = await scene()
  await refresh(tom.refreshToken)
  const { refreshToken } = await refresh(tom.refreshToken)
  await refresh(refreshToken)
  await expectUndisturbed()
})

test('Guesses end nobody’s session', { timeout }, async () => {
  const { tom, refresh, expectUndisturbed } = await scene()
  const { refreshToken, accessToken } = tom
  const flipped = (refreshToken.startsWith('A') ? 'B' : 'A') + refreshToken.slice(1)
  for (const guess of [flipped, refreshToken.slice(0, -1), `${refreshToken}A`, `${refreshToken}=`, accessToken, '%']) {
    await expect(refresh(guess)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  }
  await expectUndisturbed()
  await expect(refresh(refreshToken)).resolves.toBeDefined()
})
