import { expect, test } from 'vitest'
import { decodeId } from '../../src/ids.ts'
import { startServer } from '../support/testkit.ts'
import { userById } from './operations.ts'

test('one is online while connected, and last seen when the last connection closed', async () => {
  const server = await startServer()
  const { presence, database } = server.app.services
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const seeTom = async () => {
    // What has been asked for is stored by then: writes run in their order.
    await database.write(async () => {})
    return (await jerry.request(userById, { id: tom.id })).user
  }
  const tomsRow = decodeId(tom.id, 'User', 'id')
  expect(await seeTom()).toMatchObject({ online: false, lastSeenAt: null })

  const phone = presence.connected(tomsRow)
  const laptop = presence.connected(tomsRow)
  phone()
  expect(await seeTom()).toMatchObject({ online: true, lastSeenAt: null })
  const before = Date.now()
  laptop()
  const seen = await seeTom()
  expect(seen).toMatchObject({ online: false })
  expect(Date.parse(seen?.lastSeenAt ?? '')).toBeGreaterThanOrEqual(before)

  const again = presence.connected(tomsRow)
  expect(await seeTom()).toMatchObject({ online: true, lastSeenAt: null })
  again()
})

test('many who go at once are all noted', async () => {
  const server = await startServer()
  const { presence, database } = server.app.services
  const everybody = await Promise.all(['tom', 'jerry', 'spike', 'butch'].map((name) => server.register(name)))
  const leaving = everybody.map(({ id }) => presence.connected(decodeId(id, 'User', 'id')))
  for (const leave of leaving) leave()
  await database.write(async () => {})

  expect(await database.read.user.count({ where: { lastSeenAt: null } })).toBe(0)
})
