import { expect, test } from 'vitest'
import { Prisma, type User } from '../../src/generated/prisma/client.ts'
import { decodeId } from '../../src/ids.ts'
import { createLastSeen } from '../../src/user/last-seen.ts'
import { newGroup } from '../support/messages.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'
import { presenceOf } from './operations.ts'

test('One is online while connected, and last seen when the last connection closed', async () => {
  const server = await startServer({ presenceGrace: 0 })
  const { presence } = server.app.services
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  await tom.request(newGroup, { name: 'House', memberIds: [jerry.id] })
  const tomsRow = decodeId(tom.id, 'User', 'id')
  const seeTom = async () => (await jerry.request(presenceOf, { id: tom.id })).user
  expect(await seeTom()).toEqual({ online: false, lastSeenAt: null })

  const phone = presence.connected(tomsRow)
  const laptop = presence.connected(tomsRow)
  phone()
  expect(await seeTom()).toEqual({ online: true, lastSeenAt: null })
  const before = Date.now()
  laptop()
  const after = Date.now()
  await poll(async () => (await seeTom())?.online, false)
  const seenAt = Date.parse((await seeTom())?.lastSeenAt ?? '')
  expect(seenAt).toBeGreaterThanOrEqual(before)
  expect(seenAt).toBeLessThanOrEqual(after)

  presence.connected(tomsRow)
  expect(await seeTom()).toEqual({ online: true, lastSeenAt: null })
})

test('Many who go at once are all noted, also when the server stops before they count as gone', async () => {
  const server = await startServer({ presenceGrace: 60_000 })
  const { presence, database } = server.app.services
  const everybody = await Promise.all(['tom', 'jerry', 'spike', 'butch'].map((name) => server.register(name)))
  const leaving = everybody.map(({ id }) => presence.connected(decodeId(id, 'User', 'id')))
  for (const leave of leaving) leave()
  expect(await database.read.user.count({ where: { lastSeenAt: null } })).toBe(4)

  await presence.close()

  expect(await database.read.user.count({ where: { lastSeenAt: null } })).toBe(0)
})

test('Each of those who go at once is noted before he counts as gone', async () => {
  const server = await startServer()
  const { database } = server.app.services
  const lastSeen = createLastSeen(database)
  const tom = decodeId((await server.register('tom')).id, 'User', 'id')
  const jerry = decodeId((await server.register('jerry')).id, 'User', 'id')
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
  const writing = database.writeSql(() => held)
  const storedAt = async () => {
    const [row] = await database.readSql.all<User>(Prisma.sql`SELECT * FROM "User" WHERE "id" = ${jerry}`)
    return row?.lastSeenAt
  }

  const at = new Date()
  const first = lastSeen.mark(tom, at)
  const second = lastSeen.mark(jerry, at).then(storedAt)
  letGo()

  expect(await second).toEqual(at)
  await Promise.all([writing, first])
})

test('Only who shares a conversation with him sees it, and he himself', async () => {
  const server = await startServer({ presenceGrace: 0 })
  const { presence, database } = server.app.services
  const [tom, jerry, stranger] = await Promise.all([
    server.register('tom'),
    server.register('jerry'),
    server.register('spike'),
  ])
  await tom.request(newGroup, { name: 'House', memberIds: [jerry.id] })
  const see = async (viewer: typeof tom) => (await viewer.request(presenceOf, { id: tom.id })).user

  const leave = presence.connected(decodeId(tom.id, 'User', 'id'))
  expect(await see(tom)).toEqual({ online: true, lastSeenAt: null })
  expect(await see(jerry)).toEqual({ online: true, lastSeenAt: null })
  expect(await see(stranger)).toEqual({ online: false, lastSeenAt: null })

  leave()
  await poll(() => database.read.user.count({ where: { lastSeenAt: null } }), 2)
  await poll(async () => (await see(jerry))?.online, false)
  expect(await see(tom)).toEqual({ online: false, lastSeenAt: expect.any(String) })
  expect(await see(jerry)).toEqual({ online: false, lastSeenAt: expect.any(String) })
  expect(await see(stranger)).toEqual({ online: false, lastSeenAt: null })
})

test('Who shares one conversation of many sees it, either way', async () => {
  const server = await startServer()
  const { presence, database } = server.app.services
  const [tom, jerry, spike] = await Promise.all([
    server.register('tom'),
    server.register('jerry'),
    server.register('spike'),
  ])
  const rows = [tom, jerry, spike].map(({ id }) => decodeId(id, 'User', 'id'))
  for (const row of rows) presence.connected(row)
  const ids = Array.from({ length: 30 }, (_, index) => `house-${index}`)
  const now = new Date()
  await database.writeSql(async (sql) => {
    await sql.insert(
      'Conversation',
      ids.map((id) => ({ id, kind: 'GROUP', createdAt: now })),
    )
    const toms = ids.map((conversationId) => ({ conversationId, userId: rows[0], joinedAt: now }))
    await sql.insert('Member', [...toms, { conversationId: 'house-29', userId: rows[1], joinedAt: now }])
  })
  const see = async (viewer: typeof tom, { id }: typeof tom) => (await viewer.request(presenceOf, { id })).user

  expect((await see(tom, jerry))?.online).toBe(true)
  expect((await see(jerry, tom))?.online).toBe(true)
  expect((await see(tom, spike))?.online).toBe(false)
  expect((await see(spike, tom))?.online).toBe(false)
})
