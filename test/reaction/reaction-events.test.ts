import { expect, test, vi } from 'vitest'
import { listenToInbox } from '../support/messages.ts'
import { deleteAccount } from '../user/operations.ts'
import { listenToReactions, reactionsInGroup, removeReaction } from './operations.ts'
import { reactionScene } from './scene.ts'

test('whoever listens is told of each change once, each with what is so for himself', async () => {
  const { tom, jerry, spike, groupId, messageId, react } = await reactionScene()
  const ears = [tom, jerry].map((who) => who.listen(listenToReactions, { groupId }))
  await Promise.all(ears.map(({ ready }) => ready))

  const left = await react(jerry, '👍')
  for (const [index, ear] of ears.entries()) {
    const { groupMessages } = await ear.next()
    expect(groupMessages).toMatchObject({ type: 'UPDATED', cursor: left.addReaction.cursor })
    expect(groupMessages.message).toMatchObject({
      id: messageId,
      editedAt: null,
      reactions: [{ emoji: '👍', count: 1, viewerHasReacted: index === 1, users: [{ username: 'jerry' }] }],
    })
  }
  await react(jerry, '👍')
  await spike.request(removeReaction, { messageId, emoji: '👍' })
  const taken = await jerry.request(removeReaction, { messageId, emoji: '👍' })
  for (const ear of ears) {
    const { groupMessages } = await ear.next()
    expect(groupMessages, 'what changed nothing is told to nobody').toMatchObject({
      type: 'UPDATED',
      cursor: taken.removeReaction.cursor,
      message: { reactions: [] },
    })
    expect(ear.untaken).toEqual([])
  }
})

test('an inbox hears of it', async () => {
  const { jerry, groupId, messageId, react } = await reactionScene()
  const ear = jerry.listen(listenToInbox, {})
  await ear.ready

  await react(jerry, '👍')

  expect((await ear.next()).inbox).toMatchObject({
    type: 'UPDATED',
    message: { id: messageId, conversation: { id: groupId } },
  })
})

test('whoever was away gets each message that was reacted to once, as it is now', async () => {
  const { tom, jerry, spike, groupId, messageId, cursor, react, say } = await reactionScene()
  await react(jerry, '👍')
  const fresh = await say('Milk?')
  await react(spike, '👍')
  await react(jerry, '🥛', fresh.message.id)
  await jerry.request(removeReaction, { messageId, emoji: '👍' })

  const ear = tom.listen(listenToReactions, { groupId, after: cursor })
  const missed = [await ear.next(), await ear.next()].map(({ groupMessages }) => groupMessages)
  expect(missed).toMatchObject([
    { type: 'CREATED', message: { id: fresh.message.id, reactions: [{ emoji: '🥛', count: 1 }] } },
    { type: 'UPDATED', message: { id: messageId, reactions: [{ emoji: '👍', users: [{ username: 'spike' }] }] } },
  ])

  ear.close()
  const resumed = tom.listen(listenToReactions, { groupId, after: missed[0]?.cursor ?? '' })
  expect((await resumed.next()).groupMessages).toMatchObject({ type: 'UPDATED', message: { id: messageId } })
  await react(tom, '🧀')
  expect((await resumed.next()).groupMessages.message.reactions).toMatchObject([{ emoji: '👍' }, { emoji: '🧀' }])
  expect(resumed.untaken).toEqual([])
})

test('an account’s deletion is told for each message that it had reacted to, live and to whoever was away', async () => {
  const { tom, jerry, spike, groupId, messageId, react, say } = await reactionScene()
  const other = (await say('Milk?')).message
  await react(jerry, '🥛', other.id)
  await react(spike, '👍')
  const { addReaction } = await react(jerry, '👍')
  const ear = tom.listen(listenToReactions, { groupId })
  await ear.ready

  await jerry.request(deleteAccount, { password: jerry.password })

  const after = addReaction.cursor
  for (const listener of [ear, tom.listen(listenToReactions, { groupId, after })]) {
    const told = [await listener.next(), await listener.next(), await listener.next()]
    expect(told.map(({ groupMessages }) => groupMessages)).toMatchObject([
      { type: 'CREATED', message: { content: 'left the group' } },
      { type: 'UPDATED', message: { id: other.id, reactions: [] } },
      { type: 'UPDATED', message: { id: messageId, reactions: [{ emoji: '👍', count: 1 }] } },
    ])
  }
})

test('reactions cost a page one query for all, and a message without any none', async () => {
  const { server, tom, jerry, spike, groupId, react, say } = await reactionScene()
  const ear = jerry.listen(listenToReactions, { groupId })
  await ear.ready
  const { mock } = vi.spyOn(server.app.services.database.readSql, 'all')
  const queries = () => mock.calls.filter(([statement]) => /FROM "Reaction"/.test(statement.sql)).length

  const { message } = await say('Milk?')
  await ear.next()
  expect(queries()).toBe(0)

  await react(jerry, '👍')
  await react(spike, '👍', message.id)
  await react(tom, '🥛', message.id)
  const before = queries()
  const { group } = await tom.request(reactionsInGroup, { groupId, last: 50 })
  expect(group?.messages.edges.flatMap(({ node }) => node.reactions)).toHaveLength(3)
  // The groups, who they are, and whether he is among them.
  expect(queries() - before).toBe(3)
})
