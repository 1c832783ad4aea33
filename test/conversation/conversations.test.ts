import { describe, expect, test } from 'vitest'
import { listenToInbox, newGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { startServer, type TestUser } from '../support/testkit.ts'
import { listConversations } from './operations.ts'

async function write(sender: TestUser, username: string, content: string) {
  await sender.request(sendDirect, { input: { to: { username }, content } })
}

/** Each conversation by its group’s name or by the other user. */
async function list(reader: TestUser, page: { first?: number; after?: string; last?: number; before?: string } = {}) {
  const { conversations } = await reader.request(listConversations, page)
  const names = conversations.edges.map(({ node }) => (node.__typename === 'Group' ? node.name : node.peer.username))
  return { ...conversations.pageInfo, names }
}

describe('The list of conversations', () => {
  test('has the latest activity first, each with its last message and what is unread', async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    const jerry = await server.register('jerry')
    const { createGroup } = await jerry.request(newGroup, { name: 'House', memberIds: [tom.id] })
    await write(jerry, 'tom', 'Catch me')

    const { conversations } = await tom.request(listConversations)
    expect(conversations.edges.map(({ node }) => node)).toMatchObject([
      {
        __typename: 'DirectConversation',
        peer: { username: 'jerry' },
        unreadCount: 1,
        lastMessage: { content: 'Catch me', sender: { username: 'jerry' } },
      },
      {
        __typename: 'Group',
        name: 'House',
        owner: { username: 'jerry' },
        memberCount: 2,
        viewerRole: 'MEMBER',
        unreadCount: 0,
        lastMessage: { content: 'was added to the group', sender: { username: 'tom' } },
      },
    ])

    await tom.request(sendToGroup, { input: { groupId: createGroup.group.id, content: 'Hello' } })
    expect((await list(tom)).names).toEqual(['House', 'jerry'])
    expect((await list(jerry)).names).toEqual(['House', 'tom'])
  })

  test('is empty at first, and for nobody else', async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    const jerry = await server.register('jerry')
    const spike = await server.register('spike')
    await write(tom, 'jerry', 'Hello')

    expect(await list(spike)).toEqual({
      names: [],
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    })
    expect((await list(jerry)).names).toEqual(['tom'])
    await expect(server.anonymous.request(listConversations)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  test('is paged from both ends, and stays in place while others move up', async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    for (const name of ['ann', 'bob', 'cat', 'dan', 'eve']) await write(await server.register(name), 'tom', 'Hello')

    const first = await list(tom, { first: 2 })
    expect(first).toMatchObject({ names: ['eve', 'dan'], hasNextPage: true, hasPreviousPage: false })
    await write(tom, 'dan', 'Up you go')
    const second = await list(tom, { first: 2, after: first.endCursor ?? '' })
    expect(second).toMatchObject({ names: ['cat', 'bob'], hasNextPage: true, hasPreviousPage: true })
    const third = await list(tom, { first: 2, after: second.endCursor ?? '' })
    expect(third).toMatchObject({ names: ['ann'], hasNextPage: false })

    const last = await list(tom, { last: 2 })
    expect(last).toMatchObject({ names: ['bob', 'ann'], hasNextPage: false, hasPreviousPage: true })
    const before = await list(tom, { last: 2, before: last.startCursor ?? '' })
    expect(before).toMatchObject({ names: ['eve', 'cat'], hasNextPage: true, hasPreviousPage: true })
    expect((await list(tom)).names).toEqual(['dan', 'eve', 'cat', 'bob', 'ann'])
  })

  test('carries the cursor to listen from', async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    const jerry = await server.register('jerry')
    await write(jerry, 'tom', 'before')
    const { conversations } = await tom.request(listConversations)
    await write(jerry, 'tom', 'between')

    const inbox = tom.listen(listenToInbox, { after: conversations.cursor })

    expect(await inbox.next()).toMatchObject({ inbox: { type: 'CREATED', message: { content: 'between' } } })
    await write(jerry, 'tom', 'live')
    expect(await inbox.next()).toMatchObject({ inbox: { type: 'CREATED', message: { content: 'live' } } })
  })

  test.each([
    [{ first: 201 }, 'first'],
    [{ after: 'no cursor' }, 'after'],
    [{ before: Buffer.from('activity:x').toString('base64url') }, 'before'],
  ])('refuses the page %o', async (page, field) => {
    const server = await startServer()
    const tom = await server.register('tom')

    await expect(list(tom, page)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field })
  })
})
