import { expect, test } from 'vitest'
import {
  deleteMessage,
  directHistory,
  editMessage,
  listenToDirect,
  listenToGroup,
  newGroup,
  sendDirect,
  sendToGroup,
} from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'

test('Tom and Jerry sign in, listen, and talk', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const tomHears = tom.listen(listenToDirect, { with: 'jerry' })
  const jerryHears = jerry.listen(listenToDirect, { with: 'tom' })
  await Promise.all([tomHears.ready, jerryHears.ready])

  const { sendDirectMessage: sent } = await tom.request(sendDirect, {
    input: { to: { username: 'Jerry' }, content: 'Look!', mediaUrl: 'https://example.com/cheese.JPG' },
  })
  expect(sent.message).toMatchObject({ seq: 1, kind: 'IMAGE', content: 'Look!', sender: { username: 'tom' } })
  for (const ear of [tomHears, jerryHears]) {
    const { directMessages: event } = await ear.next()
    expect(event).toMatchObject({ type: 'CREATED', cursor: sent.cursor, message: sent.message })
  }

  const { sendDirectMessage: answer } = await jerry.request(sendDirect, {
    input: { to: { id: tom.id }, content: 'Mine!', replyToId: sent.message.id },
  })
  expect(answer.message).toMatchObject({ seq: 2, kind: 'TEXT', replyTo: { id: sent.message.id, content: 'Look!' } })
  const { editMessage: edited } = await jerry.request(editMessage, { messageId: answer.message.id, content: 'Ours!' })
  expect(edited.message).toMatchObject({ id: answer.message.id, seq: 2, content: 'Ours!' })
  expect(edited.message.editedAt).not.toBeNull()
  await tom.request(deleteMessage, { messageId: sent.message.id })

  for (const ear of [tomHears, jerryHears]) {
    expect((await ear.next()).directMessages).toMatchObject({ type: 'CREATED', message: { seq: 2, content: 'Mine!' } })
    expect((await ear.next()).directMessages).toMatchObject({ type: 'UPDATED', message: { seq: 2, content: 'Ours!' } })
    const { directMessages: deleted } = await ear.next()
    expect(deleted).toMatchObject({ type: 'DELETED', message: { seq: 1, content: null, mediaUrl: null } })
    expect(deleted.message.deletedAt).not.toBeNull()
  }

  const { directConversation } = await jerry.request(directHistory, { with: 'tom' })
  expect(directConversation?.messages.edges.map(({ node }) => [node.seq, node.sender.username, node.content])).toEqual([
    [1, 'tom', null],
    [2, 'jerry', 'Ours!'],
  ])
  expect(directConversation?.lastMessage?.seq).toBe(2)
})

test('They talk in a group, on all of their devices', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const jerrysPhone = await server.login(jerry)
  const { createGroup } = await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id] })
  const groupId = createGroup.group.id
  const ears = [tom, jerry, jerrysPhone].map((device) => device.listen(listenToGroup, { groupId }))
  await Promise.all(ears.map(({ ready }) => ready))

  await jerry.request(sendToGroup, { input: { groupId, content: 'Where is Spike?' } })

  for (const ear of ears) {
    const { groupMessages } = await ear.next()
    expect(groupMessages).toMatchObject({ type: 'CREATED', message: { content: 'Where is Spike?' } })
  }
})
