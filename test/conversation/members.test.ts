import { expect, test } from 'vitest'
import { addMember, groupMembers, leaveGroup } from '../group/operations.ts'
import { groupScene } from '../group/scene.ts'
import { graphql } from '../support/graphql.ts'
import { updateProfile } from '../user/operations.ts'

const foundMembers = graphql(`
  query FoundMembers($id: ID!, $search: String!, $first: Int, $after: String, $last: Int) {
    group(id: $id) {
      members(search: $search, first: $first, after: $after, last: $last) {
        edges { node { user { username } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`)

test('Members are paged from both ends in the order of their coming, also past one who has gone', async () => {
  const { owner, admin, groupId } = await groupScene()
  const page = async (args: { first?: number; after?: string; last?: number; before?: string }) => {
    const { group } = await owner.request(groupMembers, { id: groupId, ...args })
    const { edges = [], pageInfo } = group?.members ?? {}
    return { ...pageInfo, names: edges.map(({ node }) => node.user.username) }
  }

  const first = await page({ first: 2 })
  expect(first).toMatchObject({ names: ['olga', 'adam'], hasNextPage: true, hasPreviousPage: false })
  await admin.request(leaveGroup, { groupId })
  const second = await page({ first: 2, after: first.endCursor ?? '' })
  expect(second).toMatchObject({ names: ['mia', 'max'], hasNextPage: false, hasPreviousPage: true })
  const last = await page({ last: 1 })
  expect(last).toMatchObject({ names: ['max'], hasNextPage: false, hasPreviousPage: true })
  const before = await page({ last: 2, before: last.startCursor ?? '' })
  expect(before).toMatchObject({ names: ['olga', 'mia'], hasNextPage: true, hasPreviousPage: false })
})

test('A page of members that can’t be is refused', async () => {
  const { owner, groupId } = await groupScene()
  const refused = (page: { first?: number; after?: string }) =>
    expect(owner.request(groupMembers, { id: groupId, ...page })).rejects

  await refused({ first: 201 }).toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' })
  await refused({ after: 'no cursor' }).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
})

test('Members are found by how a username, or a word of a display name, begins', async () => {
  const { owner, groupId, find } = await crowdScene()

  expect(await find('MA')).toEqual(['max', 'mary_ann', 'zoe'])
  expect(await find('jose')).toEqual(['zoe'])
  expect(await find('mary_')).toEqual(['mary_ann'])
  for (const search of ['ary', 'sam', '%', '_', 'mary%']) expect(await find(search), search).toEqual([])
  expect(await find('')).toHaveLength(6)
  for (const search of ['x'.repeat(101), 'a\0b']) {
    await expect(find(search)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'search' })
  }
  const { group } = await owner.request(foundMembers, { id: groupId, search: 'ma', first: 1 })
  expect(group?.members.pageInfo.hasNextPage).toBe(true)
  const rest = { search: 'ma', first: 2, after: group?.members.pageInfo.endCursor ?? '' }
  expect(await find('ma', rest)).toEqual(['mary_ann', 'zoe'])
  expect(await find('ma', { last: 2 })).toEqual(['mary_ann', 'zoe'])
})

test('Whoever is not in a group finds nobody in it', async () => {
  const { server, groupId } = await crowdScene()
  const stranger = await server.register('stranger')
  const search = stranger.request(foundMembers, { id: groupId, search: 'ma' })
  await expect(search).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

/** A group with mary_ann, whose name is none of the others’ beginnings, and with Zoë, who is called José Martín. */
async function crowdScene() {
  const { server, owner, groupId } = await groupScene()
  const [mary, zoe] = await Promise.all([server.register('mary_ann'), server.register('zoe')])
  await mary.request(updateProfile, { input: { displayName: 'Ann' } })
  await zoe.request(updateProfile, { input: { displayName: 'José Martín' } })
  for (const { id } of [mary, zoe]) await owner.request(addMember, { groupId, user: { id } })
  const find = async (search: string, page: { first?: number; last?: number; after?: string } = {}) => {
    const { group } = await owner.request(foundMembers, { id: groupId, search, ...page })
    return group?.members.edges.map(({ node }) => node.user.username) ?? []
  }
  return { server, owner, groupId, find }
}
