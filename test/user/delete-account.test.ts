import { expect, test } from 'vitest'
import { login, refreshSession, register, viewer } from '../auth/operations.ts'
import { addToGroup, groupHistory, listenToGroup, newGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'
import { conversationNode, deleteAccount, updateProfile, userById, userByName, userNode, users } from './operations.ts'

const anonymousName = /^deleted-[0-9a-f]{16}$/

test('whoever deletes his account is signed out everywhere, and can’t come back', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const phone = await server.login(tom)
  expect(await tom.request(deleteAccount, { password: tom.password })).toEqual({ deleteAccount: { ok: true } })

  for (const device of [tom, phone]) {
    await expect(device.request(viewer)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(server.anonymous.request(refreshSession, { refreshToken: device.refreshToken })).rejects.toMatchObject(
      { code: 'UNAUTHENTICATED' },
    )
  }
  await expect(server.anonymous.request(login, { login: 'tom', password: tom.password })).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  })
})

test('it takes the password', async () => {
  const server = await startServer()
  const tom = await server.register('tom')

  await expect(tom.request(deleteAccount, { password: 'not his password' })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'password',
  })
  await expect(tom.request(viewer)).resolves.toBeDefined()
})

test('name and email address are free again, for an account that has nothing of the old one', async () => {
  const server = await startServer()
  const input = { username: 'tom', email: 'tom@temp.com', password: 'the first password' }
  const first = (await server.anonymous.request(register, { input })).register
  await server.withToken(first.accessToken).request(deleteAccount, { password: input.password })

  const second = (await server.anonymous.request(register, { input: { ...input, username: 'Tom' } })).register
  expect(second.user.id).not.toBe(first.user.id)
})

test('nobody finds him any more', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  await tom.request(deleteAccount, { password: tom.password })

  expect(await jerry.request(userById, { id: tom.id })).toEqual({ user: null })
  expect(await jerry.request(userByName, { username: 'tom' })).toEqual({ user: null })
  for (const search of ['tom', 'deleted', null]) {
    const { edges } = (await jerry.request(users, { search })).users
    expect(edges.map(({ node }) => node.username)).not.toContainEqual(expect.not.stringMatching('jerry'))
  }
  await expect(jerry.request(sendDirect, { input: { to: { id: tom.id }, content: 'Hello?' } })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

test('what he wrote stays, under a name that does not tell who wrote it', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  await tom.request(updateProfile, {
    input: { displayName: 'Thomas', avatarUrl: 'https://temp.com/tom.png', email: 'tom@temp.com' },
  })
  const sent = await tom.request(sendDirect, { input: { to: { username: 'jerry' }, content: 'Farewell' } })
  await tom.request(deleteAccount, { password: tom.password })

  const nobody = {
    id: tom.id,
    username: expect.stringMatching(anonymousName),
    displayName: 'Deleted user',
    avatarUrl: null,
    email: null,
    lastSeenAt: null,
  }
  const { node } = await jerry.request(conversationNode, { id: sent.sendDirectMessage.message.conversation.id })
  expect(node).toEqual({ peer: nobody, messages: { edges: [{ node: { content: 'Farewell', sender: nobody } }] } })
  expect(await jerry.request(userNode, { id: tom.id })).toMatchObject({ node: { username: nobody.username } })
})

test('he leaves his groups: they are told, namelessly, and his place as owner goes on', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const { group } = (await tom.request(newGroup, { name: 'Cartoons', memberIds: [jerry.id] })).createGroup
  await tom.request(sendToGroup, { input: { groupId: group.id, content: 'Farewell' } })
  const ear = jerry.listen(listenToGroup, { groupId: group.id })
  await ear.ready
  await tom.request(deleteAccount, { password: tom.password })

  expect((await ear.next()).groupMessages.message).toMatchObject({
    kind: 'SYSTEM',
    content: 'left the group',
    sender: { username: expect.stringMatching(anonymousName) },
  })
  const history = (await jerry.request(groupHistory, { id: group.id })).group?.messages.edges ?? []
  expect(history.find(({ node }) => node.content === 'Farewell')?.node.sender.username).toMatch(anonymousName)
  expect(JSON.stringify(history)).not.toContain('tom')

  await server.register('spike')
  await expect(jerry.request(addToGroup, { groupId: group.id, username: 'spike' })).resolves.toBeDefined()
})

test('of two deletions side by side, one is too late', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const attempt = () => tom.request(deleteAccount, { password: tom.password })
  const outcomes = await Promise.allSettled([attempt(), attempt()])

  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(await server.app.services.database.read.user.count()).toBe(1)
})
