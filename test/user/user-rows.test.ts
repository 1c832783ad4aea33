import { expect, test, vi } from 'vitest'
import { newGroup, sendToGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'
import { listenToSenders, userById } from './operations.ts'

test('a message’s sender is shown as the log has him, without another query', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const { group } = (await tom.request(newGroup, { name: 'Cartoons', memberIds: [jerry.id] })).createGroup
  const ear = jerry.listen(listenToSenders, { groupId: group.id })
  await ear.ready

  const { read, readSql } = server.app.services.database
  const queries = (['findUnique', 'findUniqueOrThrow', 'findFirst', 'findFirstOrThrow', 'findMany'] as const).map(
    (method) => vi.spyOn(read.user, method),
  )
  const { mock: sql } = vi.spyOn(readSql, 'all')
  const count = () =>
    queries.reduce((sum, { mock }) => sum + mock.calls.length, 0) +
    sql.calls.filter(([statement]) => /"User"/.test(statement.sql)).length
  await tom.request(sendToGroup, { input: { groupId: group.id, content: 'Hello' } })
  expect((await ear.next()).groupMessages.message.sender).toEqual({
    id: tom.id,
    username: 'tom',
    displayName: 'tom',
    avatarUrl: null,
    email: null,
    createdAt: expect.any(String),
    online: false,
    lastSeenAt: null,
  })
  expect(count()).toBe(0)

  await tom.request(userById, { id: tom.id })
  expect(count()).toBe(1)
})
