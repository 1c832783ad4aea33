import { describe, expect, test } from 'vitest'
import { startServer, type TestUser } from '../support/testkit.ts'
import { createGroup, deleteGroup, joinGroup, leaveGroup, listGroups } from './operations.ts'

async function create(owner: TestUser, name: string, visibility: 'PUBLIC' | 'PRIVATE' = 'PRIVATE') {
  const { createGroup: created } = await owner.request(createGroup, { input: { name, visibility } })
  return created.group.id
}

async function names(reader: TestUser, wanted: { discover?: boolean; search?: string } = {}) {
  const { groups } = await reader.request(listGroups, wanted)
  return groups.edges.map(({ node }) => node.name)
}

describe('The list of groups', () => {
  test('holds one’s own and, when discovering, the public ones', async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    const jerry = await server.register('jerry')
    await create(tom, 'Secret')
    const open = await create(tom, 'Open', 'PUBLIC')
    await create(jerry, 'Cheese')

    expect(await names(jerry)).toEqual(['Cheese'])
    expect(await names(jerry, { discover: true })).toEqual(['Open', 'Cheese'])
    await jerry.request(joinGroup, { groupId: open })
    expect(await names(jerry)).toEqual(['Open', 'Cheese'])
    await jerry.request(leaveGroup, { groupId: open })
    expect(await names(jerry)).toEqual(['Cheese'])
    await expect(server.anonymous.request(listGroups)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  test('is searched by any part of the name, whatever its case and accents, and otherwise as it is written', async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    for (const name of ['Chess club', 'chess_kids', 'Go', '100% fun', 'Über Ärger']) await create(tom, name)

    expect(await names(tom, { search: 'CHESS' })).toEqual(['Chess club', 'chess_kids'])
    expect(await names(tom, { search: 'UBER ÄRG' })).toEqual(['Über Ärger'])
    expect(await names(tom, { search: ' club ' })).toEqual(['Chess club'])
    expect(await names(tom, { search: '_' })).toEqual(['chess_kids'])
    expect(await names(tom, { search: '%' })).toEqual(['100% fun'])
    expect(await names(tom, { search: '\\' })).toEqual([])
    expect(await names(tom, { search: '' })).toHaveLength(5)
    await expect(names(tom, { search: 'a\0' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'search' })
  })

  test('is paged from both ends, also past a group that has gone', async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    const ids: string[] = []
    for (const name of ['A', 'B', 'C', 'D', 'E']) ids.push(await create(tom, name))
    const page = async (args: { first?: number; after?: string; last?: number; before?: string }) => {
      const { groups } = await tom.request(listGroups, args)
      return { ...groups.pageInfo, names: groups.edges.map(({ node }) => node.name).join('') }
    }

    const first = await page({ first: 2 })
    expect(first).toMatchObject({ names: 'AB', hasNextPage: true, hasPreviousPage: false })
    await tom.request(deleteGroup, { groupId: ids[1] ?? '' })
    const second = await page({ first: 2, after: first.endCursor ?? '' })
    expect(second).toMatchObject({ names: 'CD', hasNextPage: true, hasPreviousPage: true })
    expect(await page({ first: 2, after: second.endCursor ?? '' })).toMatchObject({ names: 'E', hasNextPage: false })
    const last = await page({ last: 2 })
    expect(last).toMatchObject({ names: 'DE', hasPreviousPage: true, hasNextPage: false })
    expect(await page({ last: 2, before: last.startCursor ?? '' })).toMatchObject({
      names: 'AC',
      hasPreviousPage: false,
    })
  })

  test.each([
    [{ first: 201 }, 'first'],
    [{ first: -1 }, 'first'],
    [{ last: 201 }, 'last'],
    [{ first: 1, last: 1 }, 'last'],
    [{ after: 'no cursor' }, 'after'],
    [{ before: Buffer.from('user:tom').toString('base64url') }, 'before'],
  ])('refuses the page %o', async (args, field) => {
    const server = await startServer()
    const tom = await server.register('tom')

    await expect(tom.request(listGroups, args)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field })
  })
})
