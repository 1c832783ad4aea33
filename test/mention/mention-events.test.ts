import { expect, test, vi } from 'vitest'
import { decodeId } from '../../src/ids.ts'
import { newGroup } from '../support/messages.ts'
import { deleteAccount } from '../user/operations.ts'
import { editMentions, listenToMentions, listMentionCounts, mentionInGroup } from './operations.ts'
import { mentionScene, names } from './scene.ts'

test('whoever listens is told whom a message mentions, and each how often he has been', async () => {
  const { tom, jerry, spike, groupId, say } = await mentionScene()
  const ears = [jerry, spike].map((who) => who.listen(listenToMentions, { groupId }))
  await Promise.all(ears.map(({ ready }) => ready))

  const { id: messageId } = await say(tom, '@jerry!')
  for (const [index, ear] of ears.entries()) {
    const { groupMessages } = await ear.next()
    expect([groupMessages.type, ...names(groupMessages.message)]).toEqual(['CREATED', 'Jerry'])
    expect(groupMessages.message.conversation.mentionCount).toBe(index === 0 ? 1 : 0)
  }
  await tom.request(editMentions, { messageId, content: '@spike.dog!' })
  for (const [index, ear] of ears.entries()) {
    const { groupMessages } = await ear.next()
    expect([groupMessages.type, ...names(groupMessages.message)]).toEqual(['UPDATED', 'spike.dog'])
    expect(groupMessages.message.conversation.mentionCount).toBe(index === 0 ? 0 : 1)
  }
})

test('whoever was away gets them as they are now', async () => {
  const { tom, jerry, spike, groupId, cursor, say } = await mentionScene()
  const first = await say(tom, '@jerry')
  await say(tom, '@spike.dog @jerry')
  await tom.request(editMentions, { messageId: first.id, content: 'Nobody' })
  await jerry.request(deleteAccount, { password: jerry.password })

  const ear = spike.listen(listenToMentions, { groupId, after: cursor })
  const missed = [await ear.next(), await ear.next(), await ear.next()].map(({ groupMessages: { message } }) => message)
  expect(missed.map((message) => [message.content, ...names(message)])).toEqual([
    ['Nobody'],
    ['left the group'],
    ['@spike.dog @jerry', 'spike.dog'],
  ])
  expect(missed.at(-1)?.conversation.mentionCount).toBe(1)
})

test('they cost nothing where there is no @, and the same few statements for all that are sent together', async () => {
  const { server, tom, groupId, say } = await mentionScene()
  const { database } = server.app.services
  const lookedUp: string[] = []
  const inserted: [table: string, rows: readonly object[]][] = []
  const { writeSql } = database
  vi.spyOn(database, 'writeSql').mockImplementation((work, options) =>
    writeSql(
      (sql) =>
        work({
          ...sql,
          all(statement) {
            lookedUp.push(statement.sql)
            return sql.all(statement)
          },
          insert(table, rows) {
            inserted.push([table, rows])
            return sql.insert(table, rows)
          },
        }),
      options,
    ),
  )
  const lookUps = () => lookedUp.filter((statement) => /"usernameKey" = /.test(statement)).length
  const stored = () => inserted.filter(([table]) => table === 'Mention').flatMap(([, rows]) => rows)
  const { mock: reading } = vi.spyOn(database.readSql, 'all')
  const readings = () => reading.calls.filter(([statement]) => /"Mention"/.test(statement.sql)).length

  await say(tom, 'Hello, tom@temp.com')
  expect([lookUps(), inserted.length, readings()]).toEqual([0, 1, 0])

  const viewer = { userId: decodeId(tom.id, 'User', 'id'), sessionId: '', expiresAt: Infinity }
  const conversationId = decodeId(groupId, 'Group', 'id')
  await Promise.all(
    ['@jerry', 'Hello', '@spike.dog @jerry', '@nobody'].map((content) =>
      server.app.services.messages.sendToGroup(viewer, conversationId, { content }),
    ),
  )
  expect(lookUps()).toBe(1)
  expect(stored()).toHaveLength(3)
})

test('the counts of a page of conversations are one query, whatever their number', async () => {
  const { server, tom, jerry } = await mentionScene()
  for (const name of ['Cheese', 'Milk', 'Mice']) {
    const { createGroup } = await tom.request(newGroup, { name, memberIds: [jerry.id] })
    for (let times = 0; times < name.length - 3; times++) {
      await tom.request(mentionInGroup, { groupId: createGroup.group.id, content: '@jerry' })
    }
  }
  const { mock } = vi.spyOn(server.app.services.database.readSql, 'all')

  const { conversations } = await jerry.request(listMentionCounts)

  expect(conversations.edges.map(({ node }) => node.mentionCount)).toEqual([1, 1, 3, 0])
  expect(mock.calls.filter(([statement]) => /"Mention"/.test(statement.sql))).toHaveLength(1)
})
