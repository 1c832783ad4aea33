import { expect, test } from 'vitest'
import { deleteMessage, newGroup, sendToGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'
import { searchMessages } from './operations.ts'

const MANY = 1_100 // more than two windows

async function tomsNotes(count: number) {
  const server = await startServer()
  const tom = await server.register('tom')
  const { createGroup } = await tom.request(newGroup, { name: 'Notes' })
  const groupId = createGroup.group.id
  const say = async (content: string) => {
    const { sendGroupMessage } = await tom.request(sendToGroup, { input: { groupId, content } })
    return sendGroupMessage.message
  }
  const said = await Promise.all(Array.from({ length: count }, (_, n) => say(`cheese ${'more '.repeat(n % 3)}${n}`)))
  const page = async (args: { first?: number; after?: string }) => {
    const { searchMessages: found } = await tom.request(searchMessages, { query: 'cheese', ...args })
    return { ...found.pageInfo, nodes: found.edges.map(({ node }) => node) }
  }
  return { tom, say, said, page }
}

test('The pages of a search hold each match once, also while messages come and go', async () => {
  const { tom, say, page } = await tomsNotes(12)
  const whole = await page({})
  expect(whole.nodes).toHaveLength(12)
  expect(whole).toMatchObject({ hasNextPage: false, hasPreviousPage: false })

  const first = await page({ first: 5 })
  expect(first).toMatchObject({ hasNextPage: true, nodes: whole.nodes.slice(0, 5) })
  await say('cheese')
  await tom.request(deleteMessage, { messageId: first.nodes[1]?.id ?? '' })
  const second = await page({ first: 5, after: first.endCursor ?? '' })
  expect(second.nodes).toEqual(whole.nodes.slice(5, 10))
  const third = await page({ first: 5, after: second.endCursor ?? '' })
  expect(third).toMatchObject({ hasNextPage: false, nodes: whole.nodes.slice(10) })
  expect((await page({ first: 1 })).nodes).toMatchObject([{ content: 'cheese' }])
})

test('Beyond the matches that are put in order at once come the older ones, whatever goes meanwhile', {
  timeout: 60_000,
}, async () => {
  const { tom, said, page } = await tomsNotes(MANY)

  const seqs: number[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const { nodes, hasNextPage, endCursor } = await page({ first: 200, ...(after && { after }) })
    seqs.push(...nodes.map(({ seq }) => seq))
    for (const { id } of nodes.slice(0, 5)) await tom.request(deleteMessage, { messageId: id })
    after = hasNextPage ? (endCursor ?? undefined) : undefined
  }

  expect(seqs.toSorted((a, b) => a - b)).toEqual(said.map(({ seq }) => seq).toSorted((a, b) => a - b))
  expect(Math.min(...seqs.slice(0, 500))).toBeGreaterThan(Math.max(...seqs.slice(500)))
})

test('A page that can’t be is refused', async () => {
  const { page } = await tomsNotes(1)

  await expect(page({ first: 201 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' })
  await expect(page({ first: -1 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' })
  await expect(page({ after: 'nonsense' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
  expect((await page({ first: 0 })).nodes).toEqual([])
})
