import { expect, test } from 'vitest'
import { decodeId } from '../../src/ids.ts'
import { openSignedInSocket } from '../support/bare-socket.ts'
import { listenToInbox, newGroup, removeFromGroup, sendDirect } from '../support/messages.ts'
import { poll } from '../support/patience.ts'
import { startServer, type TestServer, type TestUser } from '../support/testkit.ts'
import { presenceOf, watchPresence } from './operations.ts'

/** Tom and Jerry share a group; Spike knows neither. */
async function startHouse(presenceGrace: number) {
  const server = await startServer({ presenceGrace })
  const [tom, jerry, spike] = await Promise.all([
    server.register('tom'),
    server.register('jerry'),
    server.register('spike'),
  ])
  const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id] })
  return { server, tom, jerry, spike, groupId: createGroup.group.id }
}

function connect({ url }: TestServer, { accessToken }: TestUser) {
  return openSignedInSocket(url, accessToken)
}

function watch(viewer: TestUser, ...users: TestUser[]) {
  const listener = viewer.listen(watchPresence, { userIds: users.map(({ id }) => id) })
  return { ...listener, next: async () => (await listener.next()).presence }
}

const gone = { online: false, lastSeenAt: expect.any(String) }

test('It is told with the first connection and the last one, be it cut off or over SSE', async () => {
  const { server, tom, jerry } = await startHouse(0)
  const ear = watch(jerry, tom)
  expect(await ear.next()).toEqual({ username: 'tom', online: false, lastSeenAt: null })

  const phone = await connect(server, tom)
  expect(await ear.next()).toEqual({ username: 'tom', online: true, lastSeenAt: null })
  const laptop = await connect(server, tom)
  const overSse = tom.listenOverSse(listenToInbox, {})
  await overSse.ready
  phone.socket.terminate()
  laptop.socket.close()
  await Promise.all([phone.closed, laptop.closed])
  const tomsRow = decodeId(tom.id, 'User', 'id')
  await poll(async () => server.app.services.presence.connectionsOf(tomsRow), 1)
  expect(ear.untaken).toEqual([])

  overSse.close()
  expect(await ear.next()).toEqual({ username: 'tom', ...gone })
})

test('Each current state comes first, that of the viewer himself included', async () => {
  const { server, tom, jerry } = await startHouse(0)
  await connect(server, tom)
  const ear = watch(jerry, tom, jerry, tom)

  const first = [await ear.next(), await ear.next()]

  expect(first.map(({ username, online }) => [username, online]).toSorted()).toEqual([
    ['jerry', true],
    ['tom', true],
  ])
  await ear.ready
  expect(ear.untaken).toEqual([])
})

test('Who comes back soon never went', async () => {
  const { server, tom, jerry, spike } = await startHouse(60_000)
  await jerry.request(sendDirect, { input: { to: { id: spike.id }, content: 'Hello' } })
  const { socket, closed } = await connect(server, tom)
  const ear = watch(jerry, tom, spike)
  await ear.next()
  await ear.next()

  socket.terminate()
  await closed
  await poll(async () => server.app.services.presence.connectionsOf(decodeId(tom.id, 'User', 'id')), 0)
  expect(await jerry.request(presenceOf, { id: tom.id })).toEqual({ user: { online: true, lastSeenAt: null } })
  await connect(server, tom)
  await connect(server, spike)

  expect(await ear.next()).toMatchObject({ username: 'spike', online: true })
  expect(ear.untaken).toEqual([])
})

test('A stranger’s is not told until they share a conversation, and no more when they share none', async () => {
  const { server, tom, jerry, spike, groupId } = await startHouse(0)
  const toSpike = watch(spike, tom, spike)
  expect(await toSpike.next()).toMatchObject({ username: 'spike', online: true })
  const toJerry = watch(jerry, tom)
  expect(await toJerry.next()).toMatchObject({ online: false })
  const toms = await connect(server, tom)
  expect(await toJerry.next()).toMatchObject({ online: true })
  expect(toSpike.untaken).toEqual([])

  await tom.request(sendDirect, { input: { to: { id: spike.id }, content: 'Hello' } })
  expect(await toSpike.next()).toEqual({ username: 'tom', online: true, lastSeenAt: null })

  await tom.request(removeFromGroup, { groupId, username: 'jerry' })
  expect(await toJerry.next()).toEqual({ username: 'tom', online: false, lastSeenAt: null })
  toms.socket.close()
  expect(await toSpike.next()).toMatchObject({ username: 'tom', ...gone })
  await connect(server, tom)
  expect(await toSpike.next()).toMatchObject({ username: 'tom', online: true })
  expect(toJerry.untaken).toEqual([])
  await tom.request(newGroup, { name: 'Again', memberIds: [jerry.id] })
  expect(await toJerry.next()).toMatchObject({ username: 'tom', online: true })
})

test('Who watches too many, or isn’t signed in, is told so', async () => {
  const { server, tom } = await startHouse(0)
  const ids = Array.from({ length: 201 }, (_, index) => Buffer.from(`User:nobody-${index}`).toString('base64url'))

  await expect(tom.listen(watchPresence, { userIds: ids }).next()).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'userIds',
  })
  await expect(tom.listen(watchPresence, { userIds: ['no id'] }).next()).rejects.toMatchObject({ field: 'userIds' })
  await expect(server.anonymous.listen(watchPresence, { userIds: [tom.id] }).next()).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  })
  const most = tom.listen(watchPresence, { userIds: [tom.id, ...ids.slice(0, 199)] })
  expect((await most.next()).presence.username).toBe('tom')
})

test('Nothing is left of a watch that has ended', async () => {
  const { server, tom, jerry } = await startHouse(0)
  const before = server.app.census()
  const ear = watch(jerry, tom)
  await ear.next()
  expect(server.app.census().busChannels).toBeGreaterThan(before.busChannels)

  jerry.close()

  await expect.poll(() => server.app.census()).toEqual(before)
})
