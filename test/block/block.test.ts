import { expect, test } from 'vitest'
import { addReaction, removeReaction } from '../reaction/operations.ts'
import {
  addToGroup,
  deleteMessage,
  directHistory,
  editMessage,
  listenToDirect,
  listenToGroup,
  newGroup,
  sendDirect,
  sendToGroup,
} from '../support/messages.ts'
import { RequestError, startServer, type TestUser } from '../support/testkit.ts'
import { deleteAccount, userByName } from '../user/operations.ts'
import { blockedUsers, blockUser, unblockUser } from './operations.ts'

/** Tom has written to Jerry, who blocks him. */
async function afterBlock() {
  const server = await startServer()
  const [tom, jerry] = await Promise.all([server.register('tom'), server.register('jerry')])
  const first = { to: { id: jerry.id }, content: 'Come out', clientId: 'first' }
  const { sendDirectMessage } = await tom.request(sendDirect, { input: first })
  await jerry.request(blockUser, { user: { username: 'tom' } })
  return { server, tom, jerry, first, sent: sendDirectMessage }
}

const nobody = Buffer.from('User:nobody').toString('base64url')

function say(from: TestUser, id: string, more = {}) {
  return from.request(sendDirect, { input: { to: { id }, content: 'Hello', ...more } })
}

/** What the client is told of a failure. */
function failure(request: Promise<unknown>) {
  return request.then(
    () => null,
    (error) => error instanceof RequestError && error.errors,
  )
}

test('Neither can write to the other: to each it is as if the other didn’t exist', async () => {
  const { tom, jerry } = await afterBlock()

  for (const [from, to] of [
    [tom, jerry],
    [jerry, tom],
  ] as const) {
    const refusal = await failure(say(from, to.id))
    expect(refusal).toMatchObject([{ message: 'User not found.', extensions: { code: 'NOT_FOUND' } }])
    expect(refusal).toEqual(await failure(say(from, nobody)))
    expect(await failure(say(from, to.id, { replyToId: tom.id }))).not.toBeNull()
  }
})

test('Neither can add the other to a group, nor begin one with him', async () => {
  const { server, tom, jerry } = await afterBlock()
  await server.register('spike')

  for (const [viewer, other] of [
    [tom, jerry],
    [jerry, tom],
  ] as const) {
    const { createGroup } = await viewer.request(newGroup, { name: 'Mine' })
    const groupId = createGroup.group.id
    const refusal = await failure(viewer.request(addToGroup, { groupId, username: other.username }))
    expect(refusal).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    expect(refusal).toEqual(await failure(viewer.request(addToGroup, { groupId, username: 'nobody' })))
    const asFirst = await failure(viewer.request(newGroup, { name: 'Ours', memberIds: [other.id] }))
    expect(asFirst).not.toBeNull()
    expect(asFirst).toEqual(await failure(viewer.request(newGroup, { name: 'Ours', memberIds: [nobody] })))
    await viewer.request(addToGroup, { groupId, username: 'spike' })
  }
})

test('What was written stays readable and can be taken back, but not changed into something else', async () => {
  const { tom, jerry, first, sent } = await afterBlock()
  const messageId = sent.message.id

  for (const [reader, other] of [
    [tom, 'jerry'],
    [jerry, 'tom'],
  ] as const) {
    const { directConversation } = await reader.request(directHistory, { with: other })
    expect(directConversation?.messages.edges.map(({ node }) => node.content)).toEqual(['Come out'])
    expect((await reader.request(userByName, { username: other })).user?.username).toBe(other)
  }
  await expect(tom.request(editMessage, { messageId, content: 'I see you' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'User not found.',
  })
  const { sendDirectMessage: retried } = await tom.request(sendDirect, { input: first })
  expect(retried.message.id).toBe(messageId)
  const ear = jerry.listen(listenToDirect, { with: 'tom', after: sent.cursor })
  await tom.request(deleteMessage, { messageId })
  expect((await ear.next()).directMessages.type).toBe('DELETED')
})

test('Neither can react to what the other wrote, but take back what he left', async () => {
  const { tom, jerry, sent } = await afterBlock()
  const messageId = sent.message.id
  await jerry.request(unblockUser, { user: { username: 'tom' } })
  for (const one of [tom, jerry]) await one.request(addReaction, { messageId, emoji: '🧀' })
  await jerry.request(blockUser, { user: { username: 'tom' } })

  for (const one of [tom, jerry]) {
    const refusal = await failure(one.request(addReaction, { messageId, emoji: '🔨' }))
    expect(refusal).toMatchObject([{ message: 'User not found.', extensions: { code: 'NOT_FOUND' } }])
    await one.request(removeReaction, { messageId, emoji: '🧀' })
  }
})

test('A group that both are in goes on, edits and reactions included', async () => {
  const { server, tom, jerry } = await afterBlock()
  const spike = await server.register('spike')
  const { createGroup } = await spike.request(newGroup, { name: 'House', memberIds: [tom.id, jerry.id] })
  const groupId = createGroup.group.id
  const ear = jerry.listen(listenToGroup, { groupId })
  await ear.ready

  const { sendGroupMessage } = await tom.request(sendToGroup, { input: { groupId, content: 'Hello' } })
  const messageId = sendGroupMessage.message.id
  await tom.request(editMessage, { messageId, content: 'Hello, all' })
  await jerry.request(addReaction, { messageId, emoji: '🧀' })

  expect((await ear.next()).groupMessages.message.content).toBe('Hello')
  expect((await ear.next()).groupMessages.message.content).toBe('Hello, all')
})

test('Only who blocked takes it back', async () => {
  const { tom, jerry } = await afterBlock()
  await jerry.request(blockUser, { user: { id: tom.id } })

  await tom.request(unblockUser, { user: { id: jerry.id } })
  await expect(say(tom, jerry.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await jerry.request(unblockUser, { user: { id: tom.id } })
  await jerry.request(unblockUser, { user: { id: tom.id } })
  await say(tom, jerry.id)

  await tom.request(blockUser, { user: { id: jerry.id } })
  await jerry.request(blockUser, { user: { id: tom.id } })
  await jerry.request(unblockUser, { user: { id: tom.id } })
  await expect(say(jerry, tom.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('One can’t block oneself, nobody, or without signing in', async () => {
  const { server, tom } = await afterBlock()
  await expect(tom.request(blockUser, { user: { id: tom.id } })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'user',
  })
  await expect(tom.request(blockUser, { user: { username: 'nobody' } })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(server.anonymous.request(blockUser, { user: { id: tom.id } })).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  })
  await expect(server.anonymous.request(blockedUsers)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('The list of whom one has blocked is one’s own, in pages, without deleted accounts', async () => {
  const { server, tom, jerry } = await afterBlock()
  const others = await Promise.all(['spike', 'butch', 'tyke'].map((name) => server.register(name)))
  for (const { id } of others) await jerry.request(blockUser, { user: { id } })
  const list = async (viewer: TestUser, page = {}) => {
    const { edges, pageInfo } = (await viewer.request(blockedUsers, page)).blockedUsers
    return { names: edges.map(({ node }) => node.username), ...pageInfo }
  }

  expect((await list(jerry)).names).toEqual(['tom', 'spike', 'butch', 'tyke'])
  expect((await list(tom)).names).toEqual([])
  const first = await list(jerry, { first: 2 })
  expect(first).toMatchObject({ names: ['tom', 'spike'], hasNextPage: true })
  expect((await list(jerry, { first: 2, after: first.endCursor })).names).toEqual(['butch', 'tyke'])
  const last = await list(jerry, { last: 1 })
  expect(last).toMatchObject({ names: ['tyke'], hasPreviousPage: true })
  expect((await list(jerry, { last: 2, before: last.startCursor })).names).toEqual(['spike', 'butch'])

  await tom.request(deleteAccount, { password: tom.password })
  expect((await list(jerry)).names).toEqual(['spike', 'butch', 'tyke'])
})

test('With the block’s answer nothing more comes, however much is under way', async () => {
  const server = await startServer()
  const [tom, jerry, spike] = await Promise.all([
    server.register('tom'),
    server.register('jerry'),
    server.register('spike'),
  ])
  const newest = async (reader: TestUser, other: string) => {
    const { directConversation } = await reader.request(directHistory, { with: other, last: 1 })
    return directConversation?.messages.edges[0]?.node.seq ?? 0
  }
  const ear = jerry.listen(listenToDirect, { with: 'tom' })
  await ear.ready
  const wave = (to: TestUser) => Array.from({ length: 100 }, () => say(tom, to.id))
  const sending = wave(jerry)
  await sending[30]
  const toOthers = wave(spike)
  const blocking = jerry.request(blockUser, { user: { id: tom.id } })
  sending.push(...wave(jerry))
  const outcomes = Promise.allSettled(sending)
  await blocking
  const atBlock = await newest(jerry, 'tom')
  await expect(say(tom, jerry.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const refused = (await outcomes).filter(({ status }) => status === 'rejected')
  await Promise.all(toOthers)

  expect(await newest(jerry, 'tom')).toBe(atBlock)
  expect(refused.length).toBe(sending.length - atBlock)
  for (const outcome of refused) expect(outcome).toMatchObject({ reason: { code: 'NOT_FOUND' } })
  expect(await newest(spike, 'tom')).toBe(toOthers.length)
  while ((await ear.next()).directMessages.message.seq !== atBlock);
  await jerry.listen(listenToDirect, { with: 'tom' }).ready
  expect(ear.untaken).toEqual([])
})
