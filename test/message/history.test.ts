import { expect, test } from 'vitest'
import { directHistory, sendDirect } from '../support/messages.ts'
import { startServer, type TestUser } from '../support/testkit.ts'

async function tomAfterMessages(count: number) {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  await sayMany(tom, count)
  return { tom, jerry }
}

async function sayMany(who: TestUser, count: number, to = 'jerry') {
  for (let said = 1; said <= count; said++) {
    await who.request(sendDirect, { input: { to: { username: to }, content: `${said}` } })
  }
}

async function page(who: TestUser, args: { first?: number; after?: string; last?: number; before?: string }) {
  const { directConversation } = await who.request(directHistory, { with: 'jerry', ...args })
  if (!directConversation) throw new Error('No conversation')
  const { edges, pageInfo } = directConversation.messages
  return { seqs: edges.map(({ node }) => node.seq), ...pageInfo }
}

test('History is paged both ways, and stays as it is while new messages arrive', async () => {
  const { tom } = await tomAfterMessages(7)

  const oldest = await page(tom, { first: 3 })
  expect(oldest).toMatchObject({ seqs: [1, 2, 3], hasNextPage: true, hasPreviousPage: false })
  const newest = await page(tom, { last: 3 })
  expect(newest).toMatchObject({ seqs: [5, 6, 7], hasNextPage: false, hasPreviousPage: true })

  await sayMany(tom, 2)

  expect(await page(tom, { first: 3, after: oldest.endCursor ?? '' })).toMatchObject({ seqs: [4, 5, 6] })
  const older = await page(tom, { last: 3, before: newest.startCursor ?? '' })
  expect(older).toMatchObject({ seqs: [2, 3, 4], hasPreviousPage: true })
  expect(await page(tom, { last: 3, before: older.startCursor ?? '' })).toMatchObject({
    seqs: [1],
    hasPreviousPage: false,
  })
  expect(await page(tom, {})).toMatchObject({ seqs: [1, 2, 3, 4, 5, 6, 7, 8, 9] })
})

test('A page that can’t be is refused', async () => {
  const { tom } = await tomAfterMessages(1)

  await expect(page(tom, { first: 201 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' })
  await expect(page(tom, { last: -1 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'last' })
  await expect(page(tom, { first: 1, last: 1 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'last' })
  await expect(page(tom, { after: 'nonsense' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
  expect(await page(tom, { first: 0 })).toMatchObject({ seqs: [] })
})
