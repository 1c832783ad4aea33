import { expect, test } from 'vitest'
import { fillGroup } from '../support/bulk-messages.ts'
import { directHistory, groupHistory, newGroup, sendDirect } from '../support/messages.ts'
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

interface PageArgs {
  first?: number
  after?: string
  last?: number
  before?: string
  around?: number
}

async function page(who: TestUser, args: PageArgs) {
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

test('A page around a message has it in its middle, and goes on from there both ways', async () => {
  const { tom } = await tomAfterMessages(9)

  const middle = await page(tom, { around: 5, first: 3 })
  expect(middle).toMatchObject({ seqs: [4, 5, 6], hasNextPage: true, hasPreviousPage: true })
  const newer = await page(tom, { first: 2, after: middle.endCursor ?? '' })
  expect(newer).toMatchObject({ seqs: [7, 8], hasNextPage: true, hasPreviousPage: true })
  const older = await page(tom, { last: 3, before: middle.startCursor ?? '' })
  expect(older).toMatchObject({ seqs: [1, 2, 3], hasNextPage: true, hasPreviousPage: false })
  expect(await page(tom, { around: 5, first: 4 })).toMatchObject({ seqs: [3, 4, 5, 6] })
  expect(await page(tom, { around: 5, first: 1 })).toMatchObject({ seqs: [5] })
})

test('A page around a message near an end, or beyond it, is the one at that end', async () => {
  const { tom } = await tomAfterMessages(9)

  const oldest = { seqs: [1, 2, 3, 4], hasNextPage: true, hasPreviousPage: false }
  for (const around of [2, 0, -2_147_483_648]) expect(await page(tom, { around, first: 4 })).toMatchObject(oldest)
  const newest = { seqs: [6, 7, 8, 9], hasNextPage: false, hasPreviousPage: true }
  for (const around of [9, 10, 2_147_483_647]) expect(await page(tom, { around, first: 4 })).toMatchObject(newest)
  const all = { seqs: [1, 2, 3, 4, 5, 6, 7, 8, 9], hasNextPage: false, hasPreviousPage: false }
  for (const first of [9, 10]) expect(await page(tom, { around: 5, first })).toMatchObject(all)
  expect(await page(tom, { around: 5 })).toMatchObject(all)
})

test('A page around a message has a default size', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const { group } = (await tom.request(newGroup, { name: 'Archive' })).createGroup
  await fillGroup(server, group, tom, 200)

  const { edges } = (await tom.request(groupHistory, { id: group.id, around: 100 })).group?.messages ?? { edges: [] }
  const seqs = edges.map(({ node }) => node.seq)
  expect(seqs).toHaveLength(50)
  expect(seqs.indexOf(100)).toBe(25)
})

test('A page that can’t be is refused', async () => {
  const { tom } = await tomAfterMessages(1)

  await expect(page(tom, { first: 201 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' })
  await expect(page(tom, { last: -1 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'last' })
  await expect(page(tom, { first: 1, last: 1 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'last' })
  await expect(page(tom, { after: 'nonsense' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
  for (const other of [{ last: 1 }, { after: 'c2VxOjE' }, { before: 'c2VxOjE' }]) {
    await expect(page(tom, { around: 1, ...other })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'around' })
  }
  await expect(page(tom, { around: 1, first: 201 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' })
  await expect(page(tom, { around: 1, first: -1 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' })
  expect(await page(tom, { first: 0 })).toMatchObject({ seqs: [] })
  expect(await page(tom, { around: 1, first: 0 })).toMatchObject({ seqs: [] })
})
