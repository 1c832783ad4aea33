import { expect, test } from 'vitest'
import { indexMessages } from '../../src/log/message-index.ts'
import { fillGroup } from '../support/bulk-messages.ts'
import { newGroup, sendToGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'
import { searchMessages } from './operations.ts'

const MINE = 25 // conversations: more than are looked into one by one at once
const OTHERS = 1_100 // matches: more than are read over

test('In many conversations as well, one finds all of one’s own, and nothing of others’', {
  timeout: 60_000,
}, async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const spike = await server.register('spike')
  for (let number = 0; number < MINE; number++) {
    const { createGroup } = await tom.request(newGroup, { name: `Group ${number}` })
    await tom.request(sendToGroup, { input: { groupId: createGroup.group.id, content: `My message ${number}` } })
  }
  const { createGroup: others } = await spike.request(newGroup, { name: 'Others' })
  await spike.request(sendToGroup, { input: { groupId: others.group.id, content: 'A secret message' } })
  const mine = Array.from({ length: MINE }, (_, number) => `My message ${number}`).toReversed()

  const found = async (reader: typeof tom, query: string) => {
    const { searchMessages: page } = await reader.request(searchMessages, { query })
    return page.edges.map(({ node }) => node.content)
  }
  expect(await found(tom, 'message')).toEqual(mine)
  expect(await found(tom, 'secret')).toEqual([])
  expect(await found(tom, 'from:spike')).toEqual([])

  // The newest matches are all those of others now.
  await fillGroup(server, others.group, spike, OTHERS)
  const { database } = server.app.services
  const filled = await database.read.message.findMany({ where: { id: { startsWith: 'bulk-' } } })
  await database.writeSql((sql) => indexMessages(sql, filled))
  expect(await found(tom, 'message')).toEqual(mine)
  expect(await found(spike, 'message')).toHaveLength(50)
})
