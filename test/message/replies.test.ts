import { expect, test, vi } from 'vitest'
import { deleteMessage, editMessage, groupHistory, listenToGroup, newGroup, sendToGroup } from '../support/messages.ts'
import { startServer, type TestUser } from '../support/testkit.ts'

async function replyScene() {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id] })
  const { id: groupId, cursor } = createGroup.group
  const say = async (who: TestUser, content: string, replyToId: string | null = null) =>
    (await who.request(sendToGroup, { input: { groupId, content, replyToId } })).sendGroupMessage.message
  const replies = async () => {
    const { group } = await jerry.request(groupHistory, { id: groupId, last: 50 })
    return group?.messages.edges.flatMap(({ node }) => (node.replyTo ? [node] : [])) ?? []
  }
  return { server, tom, jerry, groupId, cursor, say, replies }
}

test('a reply shows what it answers: in its answer, live, in the history and to whoever was away', async () => {
  const { tom, jerry, groupId, cursor, say, replies } = await replyScene()
  const question = await say(tom, 'Cheese?')
  const ear = tom.listen(listenToGroup, { groupId })
  await ear.ready
  const asked = { id: question.id, content: 'Cheese?', deletedAt: null }

  const reply = await say(jerry, 'Yes', question.id)

  expect(reply.replyTo).toEqual(asked)
  expect((await ear.next()).groupMessages.message).toMatchObject({ id: reply.id, replyTo: asked })
  expect(await replies()).toMatchObject([{ id: reply.id, replyTo: asked }])
  const late = tom.listen(listenToGroup, { groupId, after: cursor })
  expect([(await late.next()).groupMessages, (await late.next()).groupMessages]).toMatchObject([
    { message: { id: question.id, replyTo: null } },
    { message: { id: reply.id, replyTo: asked } },
  ])
})

test('it shows it as it is now: edited, or deleted since', async () => {
  const { tom, jerry, groupId, cursor, say, replies } = await replyScene()
  const question = await say(tom, 'Cheese?')
  const reply = await say(jerry, 'Yes', question.id)
  await tom.request(editMessage, { messageId: question.id, content: 'Milk?' })
  expect(await replies()).toMatchObject([{ replyTo: { content: 'Milk?' } }])

  const ear = jerry.listen(listenToGroup, { groupId })
  await ear.ready
  await tom.request(deleteMessage, { messageId: question.id })
  await jerry.request(editMessage, { messageId: reply.id, content: 'No' })

  const gone = { id: question.id, content: null, deletedAt: expect.any(String) }
  expect(await replies()).toMatchObject([{ id: reply.id, content: 'No', replyTo: gone }])
  expect((await ear.next()).groupMessages).toMatchObject({ type: 'DELETED', message: gone })
  expect((await ear.next()).groupMessages.message).toMatchObject({ id: reply.id, replyTo: gone })
  const late = tom.listen(listenToGroup, { groupId, after: cursor })
  const missed = [(await late.next()).groupMessages.message, (await late.next()).groupMessages.message]
  expect(missed.at(-1)).toMatchObject({ id: reply.id, replyTo: gone })
})

test('what is deleted already can still be answered, and so can a reply', async () => {
  const { tom, jerry, say } = await replyScene()
  const question = await say(tom, 'Cheese?')
  await tom.request(deleteMessage, { messageId: question.id })

  const reply = await say(jerry, 'What was that?', question.id)
  const second = await say(tom, 'Nothing', reply.id)

  expect(reply.replyTo).toMatchObject({ id: question.id, content: null })
  expect(second.replyTo).toMatchObject({ id: reply.id, content: 'What was that?' })
  await jerry.request(deleteMessage, { messageId: reply.id })
  const deleted = await jerry.request(deleteMessage, { messageId: reply.id })
  expect(deleted.deleteMessage.message.replyTo, 'a tombstone still stands where it stood').toMatchObject({
    id: question.id,
  })
})

test('what the replies of a page answer is one query', async () => {
  const { server, tom, jerry, say, replies } = await replyScene()
  for (let count = 0; count < 3; count++) await say(jerry, 'Yes', (await say(tom, 'Cheese?')).id)
  const { mock } = vi.spyOn(server.app.services.database.readSql, 'all')

  expect(await replies()).toHaveLength(3)

  expect(mock.calls.filter(([statement]) => /m\."id" IN/.test(statement.sql))).toHaveLength(1)
})
