import { expect, test } from 'vitest'
import { encodeId } from '../../src/ids.ts'
import { register, sessions, viewer } from '../auth/operations.ts'
import type { UsersQueryVariables } from '../generated/graphql.ts'
import { startServer, type TestServer } from '../support/testkit.ts'
import { deleteAccount, updateProfile, userById, userByName, userNode, users } from './operations.ts'

/** A server with Tom and others, by their display names. */
async function startWithTom(others: Record<string, string> = {}) {
  const server = await startServer()
  const tom = await server.register('tom')
  for (const [username, displayName] of Object.entries(others)) {
    const user = await server.register(username)
    await user.request(updateProfile, { input: { displayName } })
  }
  const list = async (variables: UsersQueryVariables = {}) => {
    const { edges, pageInfo } = (await tom.request(users, variables)).users
    return { ...pageInfo, edges, names: edges.map(({ node }) => node.username) }
  }
  return { server, tom, list }
}

const registerWithEmail = (server: TestServer, username: string) =>
  server.anonymous.request(register, {
    input: { username, email: `${username}@temp.com`, password: 'cheese for jerry' },
  })

test('a user is found by id, and by username in any case', async () => {
  const { server, tom } = await startWithTom()
  const jerry = await server.register('Jerry')

  expect((await tom.request(userById, { id: jerry.id })).user).toMatchObject({
    username: 'Jerry',
    displayName: 'Jerry',
  })
  for (const username of ['Jerry', 'jerry', 'JERRY']) {
    expect((await tom.request(userByName, { username })).user).toMatchObject({ id: jerry.id })
  }
  for (const username of ['jerr', 'jerry\0', '\ud83d', '']) {
    expect((await tom.request(userByName, { username })).user).toBeNull()
  }
})

test('nobody is null, and what is no user’s id is an error', async () => {
  const { tom } = await startWithTom()
  const [session] = (await tom.request(sessions)).sessions

  expect(await tom.request(userByName, { username: 'nobody' })).toEqual({ user: null })
  expect(await tom.request(userById, { id: encodeId('User', 'nobody') })).toEqual({ user: null })
  for (const id of ['nonsense', session?.id ?? '']) {
    await expect(tom.request(userById, { id })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'by' })
  }
})

test('strangers see no users', async () => {
  const { server, tom } = await startWithTom()
  const stranger = server.anonymous

  const attempts = await Promise.allSettled([
    stranger.request(userById, { id: tom.id }),
    stranger.request(userByName, { username: 'tom' }),
    stranger.request(userNode, { id: tom.id }),
    stranger.request(users),
    stranger.request(updateProfile, { input: { displayName: 'Thomas' } }),
    stranger.request(deleteAccount, { password: tom.password }),
  ])
  for (const attempt of attempts) expect(attempt).toMatchObject({ reason: { code: 'UNAUTHENTICATED' } })
})

test('an email address is seen by its owner alone, wherever he appears', async () => {
  const { server, tom } = await startWithTom()
  const { user, accessToken } = (await registerWithEmail(server, 'jerry')).register
  const jerry = server.withToken(accessToken)
  const seenBy = async (client: typeof jerry) => [
    (await client.request(userById, { id: user.id })).user?.email,
    (await client.request(userByName, { username: 'jerry' })).user?.email,
    (await client.request(users, { search: 'jerry' })).users.edges[0]?.node.email,
    (await client.request(userNode, { id: user.id })).node,
  ]

  const node = { __typename: 'User', id: user.id, username: 'jerry' }
  const email = 'jerry@temp.com'
  expect(await seenBy(jerry)).toEqual([email, email, email, { ...node, email }])
  expect(await seenBy(tom)).toEqual([null, null, null, { ...node, email: null }])
  expect(await jerry.request(viewer)).toMatchObject({ viewer: { email } })
  expect(user.email).toBe(email)
})

test('users come in the order of their names, whatever the case', async () => {
  const { list } = await startWithTom({ Spike: 'Spike', butch: 'Butch', Jerry: 'Jerry' })
  expect((await list()).names).toEqual(['butch', 'Jerry', 'Spike', 'tom'])
})

test('search looks for a part of username or display name, whatever its case and accents', async () => {
  const { list } = await startWithTom({
    jerry: 'Gerald Mouse',
    nibbles: 'Tuffy',
    mouse_trap: 'Snap',
    moused: 'Анна',
    bear: 'Björn',
  })

  expect((await list({ search: 'MOUSE' })).names).toEqual(['jerry', 'mouse_trap', 'moused'])
  expect((await list({ search: ' tuf ' })).names).toEqual(['nibbles'])
  expect((await list({ search: 'АННА' })).names).toEqual(['moused'])
  for (const search of ['bjorn', 'BJÖRN', 'bjo\u0308rn']) expect((await list({ search })).names).toEqual(['bear'])
  expect((await list({ search: '' })).names).toHaveLength(6)
  expect((await list({ search: 'nobody' })).names).toEqual([])
  for (const search of ['x'.repeat(101), 'a\0b', '\ud800']) {
    await expect(list({ search })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'search' })
  }
})

test('search takes every character as it is', async () => {
  const { list } = await startWithTom({ jerry: '\\o/', mouse_trap: 'Snap', mousestrap: 'Snap', spike: "O'Spike" })

  expect((await list({ search: 'mouse_' })).names).toEqual(['mouse_trap'])
  expect((await list({ search: '_' })).names).toEqual(['mouse_trap'])
  expect((await list({ search: '%' })).names).toEqual([])
  expect((await list({ search: '\\' })).names).toEqual(['jerry'])
  expect((await list({ search: "'" })).names).toEqual(['spike'])
})

test('lists are paged from both ends', async () => {
  const { list } = await startWithTom({ anna: 'A', bert: 'B', carl: 'C', dora: 'D' })

  const first = await list({ first: 2 })
  expect(first).toMatchObject({ names: ['anna', 'bert'], hasNextPage: true, hasPreviousPage: false })
  const second = await list({ first: 2, after: first.endCursor })
  expect(second).toMatchObject({ names: ['carl', 'dora'], hasNextPage: true })
  const third = await list({ first: 2, after: second.endCursor })
  expect(third).toMatchObject({ names: ['tom'], hasNextPage: false })

  const last = await list({ last: 2 })
  expect(last).toMatchObject({ names: ['dora', 'tom'], hasPreviousPage: true, hasNextPage: false })
  const before = await list({ last: 2, before: last.startCursor })
  expect(before).toMatchObject({ names: ['bert', 'carl'], hasPreviousPage: true })
  expect(await list({ last: 2, before: before.startCursor })).toMatchObject({ names: ['anna'], hasPreviousPage: false })
})

test('a page goes on where the last one ended, even when its last user has gone', async () => {
  const { server, list } = await startWithTom({ anna: 'A', carl: 'C' })
  const bert = await server.register('bert')
  const { endCursor } = await list({ first: 2 })
  await bert.request(deleteAccount, { password: bert.password })

  expect((await list({ after: endCursor })).names).toEqual(['carl', 'tom'])
})

test('a page that can’t be is refused', async () => {
  const { tom } = await startWithTom()
  const faults = [
    [{ first: 201 }, 'first'],
    [{ first: -1 }, 'first'],
    [{ last: 201 }, 'last'],
    [{ first: 1, last: 1 }, 'last'],
    [{ first: 1, after: 'nonsense' }, 'after'],
  ] as const

  for (const [page, field] of faults) {
    await expect(tom.request(users, page)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field })
  }
})
