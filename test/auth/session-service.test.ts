import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { createSessionService } from '../../src/auth/session-service.ts'
import { openDatabase } from '../../src/database/database.ts'
import { newId } from '../../src/ids.ts'
import { createMemoryBus } from '../../src/realtime/memory-bus.ts'
import { poll } from '../support/patience.ts'
import { newDatabase } from '../support/testkit.ts'

const MINUTE = 60_000 // ms
const DAY = 24 * 60 * MINUTE

afterEach(() => void vi.useRealTimers())

/** Moves the clock, and nothing that waits. */
function pass(time: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + time })
}

async function startSessions() {
  const database = await openDatabase(await newDatabase())
  const bus = createMemoryBus()
  onTestFinished(() => database.close())
  async function start() {
    const faults = vi.fn()
    const sessions = await createSessionService({
      database,
      bus,
      jwtSecret: 'a secret of at least 32 characters',
      onFault: faults,
    })
    onTestFinished(async () => {
      await sessions.close()
      expect(faults).not.toHaveBeenCalled()
    })
    return sessions
  }
  const sessions = await start()
  const signIn = () =>
    sessions.open(null, async (tx) => {
      const id = newId()
      await tx.user.create({ data: { id, username: id, usernameKey: id, displayName: 'Tom', createdAt: new Date() } })
      return id
    })
  return { start, database, bus, sessions, signIn }
}

test('a session ends 30 days after its last use', async () => {
  const { database, sessions, signIn } = await startSessions()
  const first = await signIn()
  pass(29 * DAY)
  const second = await sessions.refresh(first.refreshToken, null)
  pass(29 * DAY)
  const third = await sessions.refresh(second.refreshToken, null)
  pass(30 * DAY)

  await expect(sessions.refresh(third.refreshToken, null)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    message: expect.stringContaining('expired'),
  })
  expect(await database.read.session.count()).toBe(0)
})

test('expired sessions are deleted at the next start', async () => {
  const { start, database, signIn } = await startSessions()
  await signIn()
  pass(20 * DAY)
  const { sessionId } = await signIn()
  pass(20 * DAY)
  await start()

  expect(await database.read.session.findMany()).toMatchObject([{ id: sessionId }])
})

test('and each hour while it runs', async () => {
  const hour = 60 * MINUTE
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
  const { database, sessions, signIn } = await startSessions()
  const { userId, sessionId, refreshToken } = await signIn()
  const session = { userId, createdAt: new Date(), lastUsedAt: new Date(), expiresAt: new Date(Date.now() + 30 * DAY) }
  const others = Array.from({ length: 250 }, () => ({ ...session, id: newId() }))
  await database.write((tx) => tx.session.createMany({ data: others }))
  vi.setSystemTime(Date.now() + 30 * DAY - hour)
  await sessions.refresh(refreshToken, null)

  vi.advanceTimersByTime(hour)

  await poll(() => database.read.session.count(), 1)
  expect(await database.read.session.findMany()).toMatchObject([{ id: sessionId }])
  expect(await database.read.refreshToken.count()).toBe(2)
})

test('of a session that lasts, the tokens go that have expired long ago, and reuse of the others still ends it', async () => {
  const { database, sessions, signIn } = await startSessions()
  const first = await signIn()
  const lost = await sessions.refresh(first.refreshToken, null)
  let { refreshToken } = await sessions.refresh(first.refreshToken, null)
  const refresh = async () => {
    const before = refreshToken
    refreshToken = (await sessions.refresh(before, null)).refreshToken
    return before
  }
  for (let generation = 2; generation < 20; generation++) await refresh()
  pass(29 * DAY)
  const young = await refresh()
  for (let generation = 21; generation < 32; generation++) await refresh()
  pass(2 * DAY)
  await refresh()

  // Those of generations 20 to 33.
  expect(await database.read.refreshToken.count()).toBe(14)
  const refusal = (word: string) => ({ code: 'UNAUTHENTICATED', message: expect.stringContaining(word) })
  await expect(sessions.refresh(first.refreshToken, null)).rejects.toMatchObject(refusal('Unknown'))
  await expect(sessions.refresh(lost.refreshToken, null)).rejects.toMatchObject(refusal('Unknown'))
  await refresh()
  await expect(sessions.refresh(young, null)).rejects.toMatchObject(refusal('spent'))
  expect(await database.read.session.count()).toBe(0)
})

test('a token that has been seen is known again without the database', async () => {
  const { database, sessions, signIn } = await startSessions()
  const { accessToken, userId, sessionId } = await signIn()
  const viewer = await sessions.authenticate(accessToken)
  expect(viewer).toMatchObject({ userId, sessionId })

  const query = vi.spyOn(database.read.session, 'findUnique')
  expect(await sessions.authenticate(accessToken)).toEqual(viewer)
  expect(query).not.toHaveBeenCalled()
})

test('but never longer than it lives', async () => {
  const { sessions, signIn } = await startSessions()
  const { accessToken } = await signIn()
  await sessions.authenticate(accessToken)
  pass(14 * MINUTE)
  await expect(sessions.authenticate(accessToken)).resolves.toBeDefined()
  pass(1 * MINUTE)

  await expect(sessions.authenticate(accessToken)).rejects.toMatchObject({
    message: expect.stringContaining('expired'),
  })
})

test('nor longer than its session, whichever node ended that', async () => {
  const { database, bus, sessions, signIn } = await startSessions()
  const { accessToken, sessionId } = await signIn()
  await sessions.authenticate(accessToken)
  await database.write((tx) => tx.session.delete({ where: { id: sessionId } }))
  bus.publish('sessions', { type: 'sessionsEnded', sessionIds: [sessionId] })

  await expect(sessions.authenticate(accessToken)).rejects.toMatchObject({ message: expect.stringContaining('ended') })
})

test('a session that ends while its token is looked up is not remembered', async () => {
  const { sessions, signIn } = await startSessions()
  const { accessToken, sessionId } = await signIn()
  await Promise.allSettled([
    sessions.authenticate(accessToken),
    sessions.end(sessionId),
    sessions.authenticate(accessToken),
  ])

  await expect(sessions.authenticate(accessToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('an ending is told when it is committed, also one that reuse brought about', async () => {
  const { database, bus, sessions, signIn } = await startSessions()
  const first = await signIn()
  const second = await sessions.refresh(first.refreshToken, null)
  await sessions.refresh(second.refreshToken, null)
  const told: string[][] = []
  bus.subscribe('sessions', (event) => void (event.type === 'sessionsEnded' && told.push(event.sessionIds)))

  await expect(sessions.refresh(first.refreshToken, null)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  expect(told).toEqual([[first.sessionId]])
  expect(await database.read.session.count()).toBe(0)
  expect(await database.read.refreshToken.count()).toBe(0)
})

test('what a device calls itself is kept, within limits', async () => {
  const { database, sessions, signIn } = await startSessions()
  const { refreshToken } = await signIn()
  await sessions.refresh(refreshToken, 'x'.repeat(1_000))

  expect(await database.read.session.findMany()).toMatchObject([{ userAgent: 'x'.repeat(256) }])
})
