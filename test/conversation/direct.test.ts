import { describe, expect, test } from 'vitest'
import { newGroup, sendDirect } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'
import {
  conversationNode,
  directWith,
  inboxWithConversations,
  listConversations,
  mayRead,
  sendWithConversation,
} from './operations.ts'

async function pair() {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const spike = await server.register('spike')
  return { server, tom, jerry, spike }
}

const HELLO_JERRY = { input: { to: { username: 'jerry' }, content: 'Hello' } }

describe('A direct conversation', () => {
  test('comes into being with its first message, and is the same from both sides', async () => {
    const { tom, jerry } = await pair()
    expect(await tom.request(directWith, { with: { username: 'jerry' } })).toEqual({ directConversation: null })

    await tom.request(sendDirect, HELLO_JERRY)

    const { directConversation: toms } = await tom.request(directWith, { with: { username: 'JERRY' } })
    const { directConversation: jerrys } = await jerry.request(directWith, { with: { id: tom.id } })
    expect(toms).toMatchObject({ peer: { username: 'jerry' } })
    expect(jerrys).toMatchObject({ id: toms?.id, cursor: toms?.cursor, peer: { username: 'tom' } })
    const members = toms?.members.edges.map(({ node }) => node) ?? []
    expect(members).toHaveLength(2)
    expect(members).toContainEqual({ user: { username: 'tom' }, role: 'MEMBER', readSeq: 0, deliveredSeq: 0 })
  })

  test('is there for its two sides only', async () => {
    const { server, tom, jerry, spike } = await pair()
    await tom.request(sendDirect, HELLO_JERRY)
    const { directConversation } = await tom.request(directWith, { with: { username: 'jerry' } })
    const id = directConversation?.id ?? ''

    expect((await jerry.request(conversationNode, { id })).node).toMatchObject({
      __typename: 'DirectConversation',
      id,
      unreadCount: 1,
      peer: { username: 'tom' },
    })
    expect(await spike.request(conversationNode, { id })).toEqual({ node: null })
    await expect(server.anonymous.request(conversationNode, { id })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(spike.request(directWith, { with: { username: 'nobody' } })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await tom.request(directWith, { with: { username: 'tom' } })).toEqual({ directConversation: null })
  })

  test('stays when the other one deletes his account, who is nameless then', async () => {
    const { tom, jerry } = await pair()
    await jerry.request(sendDirect, { input: { to: { username: 'tom' }, content: 'Farewell' } })

    await jerry.post({ query: `mutation { deleteAccount(input: { password: "${jerry.password}" }) { ok } }` })

    const { conversations } = await tom.request(listConversations)
    expect(conversations.edges.map(({ node }) => node)).toMatchObject([
      { peer: { displayName: 'Deleted user' }, lastMessage: { content: 'Farewell' } },
    ])
  })
})

describe('What a message tells of its conversation', () => {
  test('is whole in the answer to sending it, and in each listener’s event', async () => {
    const { tom, jerry } = await pair()
    const inbox = jerry.listen(inboxWithConversations)
    await inbox.ready

    const { sendDirectMessage } = await tom.request(sendWithConversation, { username: 'jerry', content: 'Hello' })
    const { inbox: event } = await inbox.next()

    expect(sendDirectMessage.message.conversation).toMatchObject({ peer: { username: 'jerry' }, unreadCount: 0 })
    expect(event.message.conversation).toMatchObject({ peer: { username: 'tom' }, unreadCount: 1 })
    expect(event.message.conversation.members.edges).toHaveLength(2)
    expect(event.message.conversation.cursor).toBe(sendDirectMessage.message.conversation.cursor)
  })

  test('is whole for a group', async () => {
    const { tom, jerry } = await pair()
    const inbox = jerry.listen(inboxWithConversations)
    await inbox.ready

    await tom.request(newGroup, { name: 'House', memberIds: [jerry.id] })

    const { inbox: event } = await inbox.next()
    expect(event.message.conversation).toMatchObject({
      __typename: 'Group',
      name: 'House',
      owner: { username: 'tom' },
      memberCount: 2,
      viewerRole: 'MEMBER',
      unreadCount: 0,
    })
  })
})

describe('Who may read a conversation', () => {
  test('is told to its members', async () => {
    const { server, tom, jerry, spike } = await pair()
    const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id], visibility: 'PUBLIC' })
    await tom.request(sendDirect, HELLO_JERRY)
    const { directConversation } = await tom.request(directWith, { with: { username: 'jerry' } })

    for (const conversationId of [createGroup.group.id, directConversation?.id ?? '']) {
      expect(await tom.request(mayRead, { conversationId, username: 'jerry' })).toEqual({ canAccess: true })
      expect(await jerry.request(mayRead, { conversationId, username: 'jerry' })).toEqual({ canAccess: true })
      expect(await jerry.request(mayRead, { conversationId, username: 'spike' })).toEqual({ canAccess: false })
      const asked = { conversationId, username: 'tom' }
      await expect(spike.request(mayRead, asked)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(server.anonymous.request(mayRead, asked)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    }
  })
})
