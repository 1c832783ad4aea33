import { expect, test } from 'vitest'
import { groupMembers, leaveGroup } from '../group/operations.ts'
import { groupScene } from '../group/scene.ts'

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
