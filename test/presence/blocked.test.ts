import { expect, test, vi } from 'vitest'
import { decodeId } from '../../src/ids.ts'
import { blockUser, unblockUser } from '../block/operations.ts'
import { newGroup, sendToGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'
import { listenToPresentSenders, presenceOf, watchPresence } from './operations.ts'

test('Who has blocked somebody, and who was blocked, doesn’t see the other come and go; others do', async () => {
  const server = await startServer({ presenceGrace: 0 })
  const [tom, jerry, spike] = await Promise.all([
    server.register('tom'),
    server.register('jerry'),
    server.register('spike'),
  ])
  const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id, spike.id] })
  const groupId = createGroup.group.id
  const toms = tom.listen(watchPresence, { userIds: [jerry.id] })
  const ears = [tom, jerry, spike].map((listener) => listener.listen(listenToPresentSenders, { groupId }))
  await Promise.all(ears.map(({ ready }) => ready))
  while (!(await toms.next()).presence.online);
  const spikes = spike.listen(watchPresence, { userIds: [jerry.id] })
  expect((await spikes.next()).presence.online).toBe(true)
  const looking = vi.spyOn(server.app.services.presence, 'online')

  await jerry.request(blockUser, { user: { id: tom.id } })
  expect((await toms.next()).presence).toEqual({ username: 'jerry', online: false, lastSeenAt: null })
  expect(looking.mock.calls.flat(2), 'nothing is new to Spike').not.toContain(decodeId(jerry.id, 'User', 'id'))
  expect((await tom.request(presenceOf, { id: jerry.id })).user?.online).toBe(false)
  expect((await jerry.request(presenceOf, { id: tom.id })).user?.online).toBe(false)
  expect((await spike.request(presenceOf, { id: jerry.id })).user?.online).toBe(true)

  await jerry.request(sendToGroup, { input: { groupId, content: 'Hello' } })
  const [toTom, toJerry, toSpike] = await Promise.all(ears.map((ear) => ear.next()))
  expect(toTom?.groupMessages.message).toEqual({ content: 'Hello', sender: { online: false } })
  expect(toJerry?.groupMessages.message).toEqual({ content: 'Hello', sender: { online: true } })
  expect(toSpike?.groupMessages.message).toEqual({ content: 'Hello', sender: { online: true } })

  await jerry.request(unblockUser, { user: { id: tom.id } })
  expect((await toms.next()).presence).toEqual({ username: 'jerry', online: true, lastSeenAt: null })
})
