import { expect, onTestFinished, test, vi } from 'vitest'
import { createTyping } from '../../src/activity/typing.ts'
import type { SqlConnection } from '../../src/database/sql-connection.ts'
import type { Member } from '../../src/generated/prisma/client.ts'
import type { Limits } from '../../src/limits.ts'
import type { BusEvent } from '../../src/realtime/bus.ts'
import { createMemoryBus } from '../../src/realtime/memory-bus.ts'
import { blockUser, unblockUser } from '../block/operations.ts'
import { removeMember } from '../group/operations.ts'
import { listenToInbox } from '../support/messages.ts'
import { hear, listenToActivity, setTyping, told } from './operations.ts'
import { say, startHouse, write } from './scene.ts'

const LONG = 60_000 // ms: no end by itself within a test

/** Jerry types; the others listen. */
async function startTalk(typingTimeout = LONG) {
  const house = await startHouse({ limits: { typingTimeout } })
  const conversationId = house.groupId
  const toms = house.tom.listen(listenToActivity, { conversationId })
  const jerrys = house.jerry.listen(listenToActivity, { conversationId })
  await Promise.all([toms.ready, jerrys.ready])
  return {
    ...house,
    toms,
    jerrys,
    type: (typing = true) => house.jerry.request(setTyping, { conversationId, typing }),
  }
}

test('Typing is told to the others, once, until he stops', async () => {
  const { toms, jerrys, type, spike, groupId } = await startTalk()
  for (let time = 0; time < 5; time++) await type()
  await type(false)
  await type(false)
  expect([await hear(toms), await hear(toms)]).toEqual(['jerry typing true', 'jerry typing false'])

  await spike.request(setTyping, { conversationId: groupId, typing: true })
  expect(await hear(toms)).toBe('spike typing true')
  expect(await hear(jerrys), 'nothing of his own').toBe('spike typing true')
})

test('Typing ends by itself', async () => {
  const { toms, type } = await startTalk(200)
  await type()
  expect([await hear(toms), await hear(toms)]).toEqual(['jerry typing true', 'jerry typing false'])
})

test('Typing that is said again lasts, and is told again after a while', async () => {
  const { toms, type } = await startTalk(2_000)
  await type()
  expect(await hear(toms)).toBe('jerry typing true')
  let again: string | null = null
  const hearing = hear(toms).then((what) => {
    again = what
  })
  while (!again) await type()
  await hearing
  expect(again).toBe('jerry typing true')
})

test('Typing that stops and begins again at once is not told each time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const bus = createMemoryBus()
  const told: BusEvent[] = []
  bus.subscribe('conversation:house', (event) => void told.push(event))
  const typing = createTyping({
    database: { readSql: { all: async () => [] } as unknown as SqlConnection },
    bus,
    conversations: { findMember: async () => ({}) as Member },
    limits: { typingTimeout: LONG } as Limits,
  })
  const jerry = { userId: 'jerry', sessionId: '', expiresAt: 0 }
  const nervously = async () => {
    for (const isTyping of [true, false, true, false, true, false]) await typing.set(jerry, 'house', isTyping)
    return told.splice(0).map((event) => event.type === 'typing' && event.typing)
  }

  expect(await nervously()).toEqual([true, false])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await nervously()).toEqual([true, false])
})

test('Typing doesn’t reach who has blocked him, nor whom he has blocked', async () => {
  const { tom, jerry } = await startTalk()
  const conversationId = (await write(tom, 'jerry')).conversation.id
  const ear = jerry.listen(listenToActivity, { conversationId })
  await ear.ready
  await jerry.request(blockUser, { user: { username: 'tom' } })
  for (const user of [tom, jerry]) {
    await expect(user.request(setTyping, { conversationId, typing: true })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'User not found.',
    })
    await user.request(setTyping, { conversationId, typing: false })
  }
  await jerry.request(unblockUser, { user: { username: 'tom' } })
  await tom.request(setTyping, { conversationId, typing: true })
  expect(await hear(ear)).toBe('tom typing true')
})

test('Typing ends with the message', async () => {
  const { toms, tom, jerry, groupId, type } = await startTalk()
  await type()
  await say(tom, groupId, 'I am listening')
  await say(jerry, groupId, 'Here it is')
  const heard = [await hear(toms), await hear(toms)]
  expect(heard).toEqual(['jerry typing true', 'jerry typing false'])
})

test('Typing ends when he disconnects, on his last device', async () => {
  const { server, toms, jerry, type } = await startTalk()
  const phone = await server.login(jerry)
  const inbox = phone.listen(listenToInbox, {})
  await inbox.ready
  await type()
  expect(await hear(toms)).toBe('jerry typing true')
  jerry.close()
  phone.close()
  expect(await hear(toms)).toBe('jerry typing false')
})

test('Typing ends with the membership', async () => {
  const { toms, tom, jerry, groupId, type } = await startTalk()
  await type()
  await tom.request(removeMember, { groupId, user: { username: 'jerry' } })
  expect([await hear(toms), await hear(toms)]).toEqual(['jerry typing true', 'jerry typing false'])
  await expect(type()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(jerry.request(setTyping, { conversationId: jerry.id, typing: true })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'conversationId',
  })
})

test('Typing is for members, and nothing is left of who asks wrongly', async () => {
  const { server, toms, groupId: conversationId, type } = await startTalk()
  const stranger = await server.register('stranger')
  const asking = { conversationId, typing: true }
  await expect(stranger.request(setTyping, asking)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(server.anonymous.request(setTyping, asking)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  await type()
  expect(await hear(toms)).toBe('jerry typing true')
  expect(toms.untaken.map(told)).toEqual([])
})
