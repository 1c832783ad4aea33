import { expect, test } from 'vitest'
import { decodeId } from '../../src/ids.ts'
import { fillGroup } from '../support/bulk-messages.ts'
import { groupHistory } from '../support/messages.ts'
import { deleteAccount } from '../user/operations.ts'
import { listenToReactions } from './operations.ts'
import { reactionScene } from './scene.ts'

const MANY = 1_100 // messages: more than are changed by one statement

test('an account that has reacted to any number of messages is taken back from each, in one stretch of the log', async () => {
  const { server, tom, jerry, groupId, react } = await reactionScene()
  await fillGroup(server, { id: groupId }, tom, MANY)
  const { database } = server.app.services
  const userId = decodeId(jerry.id, 'User', 'id')
  await database.write(async (tx) => {
    await tx.$executeRaw`INSERT INTO "Reaction" ("messageId", "userId", "emoji", "position")
      SELECT "id", ${userId}, '👍', "position" FROM "Message" WHERE "kind" = 'TEXT'`
    await tx.$executeRaw`UPDATE "Message" SET "reactionCount" = 1 WHERE "kind" = 'TEXT'`
  })
  await react(tom, '🧀')
  const { group: before } = await tom.request(groupHistory, { id: groupId, last: 1 })

  await jerry.request(deleteAccount, { password: jerry.password })

  expect(await database.read.reaction.count()).toBe(1)
  const rest = await database.read.message.findMany({ where: { kind: 'TEXT' }, orderBy: { position: 'asc' } })
  expect(rest.map(({ reactionCount }) => reactionCount).toSorted()).toEqual([...Array(MANY).fill(0), 1])
  // Each change follows the one before it, as if they had been made one by one.
  const chain = rest.map(({ previousPosition, position }) => position - previousPosition)
  expect(new Set(chain)).toEqual(new Set([1n]))

  const ear = tom.listen(listenToReactions, { groupId, after: before?.cursor ?? '' })
  const told = new Set<string>()
  for (let events = 0; events < MANY + 2; events++) {
    const { groupMessages } = await ear.next()
    if (groupMessages.type === 'UPDATED') told.add(groupMessages.message.id)
  }
  expect(told.size).toBe(MANY + 1)
})
