import { expect, onTestFinished, test, vi } from 'vitest'
import { graphql } from '../support/graphql.ts'
import { newGroup, removeFromGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { startServer, type TestUser } from '../support/testkit.ts'

const muteConversation = graphql(`
  mutation MuteConversation($conversationId: ID!, $until: DateTime) {
    muteConversation(input: { conversationId: $conversationId, until: $until }) { conversation { muted mutedUntil } }
  }
`)
const unmuteConversation = graphql(`
  mutation UnmuteConversation($conversationId: ID!) {
    unmuteConversation(input: { conversationId: $conversationId }) { conversation { muted mutedUntil } }
  }
`)
const listMuted = graphql(`
  query ListMuted { conversations { edges { node { id muted mutedUntil unreadCount } } } }
`)
const listenWithMuted = graphql(`
  subscription ListenWithMuted { inbox { message { content conversation { muted } } } }
`)

async function startHouse() {
  const server = await startServer()
  const [tom, jerry] = await Promise.all([server.register('tom'), server.register('jerry')])
  const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id] })
  const groupId = createGroup.group.id
  const { sendDirectMessage } = await tom.request(sendDirect, { input: { to: { id: jerry.id }, content: 'Hello' } })
  return { server, tom, jerry, groupId, directId: sendDirectMessage.message.conversation.id }
}

async function states(viewer: TestUser) {
  const { conversations } = await viewer.request(listMuted)
  return Object.fromEntries(conversations.edges.map(({ node: { id, ...state } }) => [id, state]))
}

const audible = { muted: false, mutedUntil: null }

test('A conversation is muted for good, for oneself alone, and counts as before', async () => {
  const { tom, jerry, groupId, directId } = await startHouse()

  for (const conversationId of [groupId, directId]) {
    const { muteConversation: answer } = await jerry.request(muteConversation, { conversationId })
    expect(answer.conversation).toEqual({ muted: true, mutedUntil: null })
  }
  await tom.request(sendToGroup, { input: { groupId, content: 'Anybody there?' } })

  expect(await states(jerry)).toEqual({
    [groupId]: { muted: true, mutedUntil: null, unreadCount: 1 },
    [directId]: { muted: true, mutedUntil: null, unreadCount: 1 },
  })
  expect(await states(tom)).toMatchObject({ [groupId]: audible, [directId]: audible })

  const { unmuteConversation: answer } = await jerry.request(unmuteConversation, { conversationId: groupId })
  expect(answer.conversation).toEqual(audible)
  await jerry.request(unmuteConversation, { conversationId: groupId })
  expect(await states(jerry)).toMatchObject({ [groupId]: audible, [directId]: { muted: true } })
})

test('One that is muted until some time is no longer muted then', async () => {
  const { jerry, groupId } = await startHouse()
  const until = new Date(Date.now() + 60_000).toISOString()
  const { muteConversation: answer } = await jerry.request(muteConversation, { conversationId: groupId, until })
  expect(answer.conversation).toEqual({ muted: true, mutedUntil: until })

  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(until) })
  onTestFinished(() => void vi.useRealTimers())
  expect(await states(jerry)).toMatchObject({ [groupId]: audible })
  vi.useRealTimers()

  expect(await states(jerry)).toMatchObject({ [groupId]: { muted: true, mutedUntil: until } })
  const past = new Date(0).toISOString()
  await jerry.request(muteConversation, { conversationId: groupId, until: past })
  expect(await states(jerry)).toMatchObject({ [groupId]: audible })
})

test('It is muted until any time that has a year of four digits', async () => {
  const { jerry, groupId } = await startHouse()
  const until = '9999-12-31T23:59:59.999Z'
  await jerry.request(muteConversation, { conversationId: groupId, until })
  expect(await states(jerry)).toMatchObject({ [groupId]: { muted: true, mutedUntil: until } })
  await jerry.request(muteConversation, { conversationId: groupId, until: '0001-01-01T00:00:00.000Z' })
  expect(await states(jerry)).toMatchObject({ [groupId]: audible })

  for (const odd of ['+010000-01-01T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', '-000001-01-01', '0000-12-31']) {
    await expect(jerry.request(muteConversation, { conversationId: groupId, until: odd })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  }
})

test('It is told live to each as he has it', async () => {
  const { tom, jerry, groupId } = await startHouse()
  await jerry.request(muteConversation, { conversationId: groupId })
  const ears = [tom, jerry].map((listener) => listener.listen(listenWithMuted))
  await Promise.all(ears.map(({ ready }) => ready))

  await tom.request(sendToGroup, { input: { groupId, content: 'Hello' } })

  const told = await Promise.all(ears.map((ear) => ear.next()))
  expect(told.map(({ inbox }) => inbox.message.conversation.muted)).toEqual([false, true])
})

test('It is for members', async () => {
  const { server, tom, jerry, groupId, directId } = await startHouse()
  const spike = await server.register('spike')
  const { createGroup } = await tom.request(newGroup, { name: 'Open', visibility: 'PUBLIC' })
  for (const conversationId of [groupId, directId, createGroup.group.id]) {
    await expect(spike.request(muteConversation, { conversationId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(spike.request(unmuteConversation, { conversationId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  }
  await expect(jerry.request(muteConversation, { conversationId: tom.id })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'conversationId',
  })
  await expect(server.anonymous.request(muteConversation, { conversationId: groupId })).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  })

  await jerry.request(muteConversation, { conversationId: groupId })
  await tom.request(removeFromGroup, { groupId, username: 'jerry' })
  await expect(jerry.request(unmuteConversation, { conversationId: groupId })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})
