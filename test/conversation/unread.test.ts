import { describe, expect, test } from 'vitest'
import { updateGroup } from '../group/operations.ts'
import { addToGroup, deleteMessage, newGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { startServer, type TestUser } from '../support/testkit.ts'
import { directWith, groupMarks, markRead } from './operations.ts'

/** A group of three, in which nobody has said anything yet. */
async function trio() {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const spike = await server.register('spike')
  const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id, spike.id] })
  return { server, tom, jerry, spike, groupId: createGroup.group.id }
}

async function say(sender: TestUser, groupId: string, content: string) {
  const { sendGroupMessage } = await sender.request(sendToGroup, { input: { groupId, content } })
  return sendGroupMessage.message
}

async function unread(reader: TestUser, groupId: string): Promise<number | undefined> {
  const { group } = await reader.request(groupMarks, { id: groupId })
  return group?.unreadCount
}

describe('What is unread', () => {
  test('is what others wrote: nothing of one’s own, of the server’s, or deleted', async () => {
    const { tom, jerry, spike, groupId } = await trio()
    expect(await unread(jerry, groupId)).toBe(0)

    await say(tom, groupId, 'one')
    const second = await say(tom, groupId, 'two')
    await say(jerry, groupId, 'mine')
    await say(spike, groupId, 'three')
    expect(await Promise.all([tom, jerry, spike].map((user) => unread(user, groupId)))).toEqual([2, 3, 3])

    await tom.request(deleteMessage, { messageId: second.id })
    await tom.request(deleteMessage, { messageId: second.id })
    expect(await Promise.all([tom, jerry, spike].map((user) => unread(user, groupId)))).toEqual([2, 2, 2])
  })

  test('begins for a newcomer with his coming', async () => {
    const { server, tom, groupId } = await trio()
    const before = await say(tom, groupId, 'before')
    const nibbles = await server.register('nibbles')

    await tom.request(addToGroup, { groupId, username: 'nibbles' })
    expect(await unread(nibbles, groupId)).toBe(0)
    await say(tom, groupId, 'after')
    await tom.request(deleteMessage, { messageId: before.id })

    expect(await unread(nibbles, groupId)).toBe(1)
  })

  test('in a direct conversation is counted from its first message', async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    const jerry = await server.register('jerry')
    const send = (content: string) => tom.request(sendDirect, { input: { to: { username: 'jerry' }, content } })
    await send('one')
    await send('two')

    const { directConversation: his } = await jerry.request(directWith, { with: { username: 'tom' } })
    const { directConversation: own } = await tom.request(directWith, { with: { username: 'jerry' } })

    expect([his?.unreadCount, own?.unreadCount]).toEqual([2, 0])
  })
})

describe('Marking as read', () => {
  test('counts on from any message, whatever lies behind it', async () => {
    const { tom, jerry, groupId } = await trio()
    const first = await say(tom, groupId, 'one')
    await say(jerry, groupId, 'mine')
    const deleted = await say(tom, groupId, 'gone')
    await tom.request(deleteMessage, { messageId: deleted.id })
    const last = await say(tom, groupId, 'two')

    const { markRead: marked } = await jerry.request(markRead, { conversationId: groupId, upToSeq: first.seq })
    expect(marked.conversation).toEqual({ __typename: 'Group', id: groupId, unreadCount: 1 })
    await jerry.request(markRead, { conversationId: groupId, upToSeq: deleted.seq })
    expect(await unread(jerry, groupId)).toBe(1)
    await jerry.request(markRead, { conversationId: groupId, upToSeq: last.seq })
    expect(await unread(jerry, groupId)).toBe(0)

    await say(jerry, groupId, 'mine again')
    await say(tom, groupId, 'three')
    expect(await unread(jerry, groupId)).toBe(1)
    await tom.request(deleteMessage, { messageId: first.id })
    expect(await unread(jerry, groupId), 'of what was read nothing can go').toBe(1)
  })

  test('counts nothing of the server’s, whoever it is about', async () => {
    const { tom, jerry, groupId } = await trio()
    const first = await say(jerry, groupId, 'one')
    await tom.request(updateGroup, { input: { groupId, name: 'Barn' } })
    await say(jerry, groupId, 'two')

    await tom.request(markRead, { conversationId: groupId, upToSeq: first.seq })

    expect(await unread(tom, groupId)).toBe(1)
  })

  test('only grows, and what is read has been delivered', async () => {
    const { tom, jerry, groupId } = await trio()
    const first = await say(tom, groupId, 'one')
    const second = await say(tom, groupId, 'two')
    await jerry.request(markRead, { conversationId: groupId, upToSeq: second.seq })

    await jerry.request(markRead, { conversationId: groupId, upToSeq: first.seq })
    await jerry.request(markRead, { conversationId: groupId, upToSeq: 0 })

    const { group } = await jerry.request(groupMarks, { id: groupId })
    expect(group?.unreadCount).toBe(0)
    const his = group?.members.edges.find(({ node }) => node.user.username === 'jerry')
    expect(his?.node).toMatchObject({ readSeq: second.seq, deliveredSeq: second.seq })
  })

  test('is for members, and for messages that there are', async () => {
    const { server, tom, groupId } = await trio()
    const stranger = await server.register('stranger')
    const { seq } = await say(tom, groupId, 'one')
    const mark = (who: Pick<TestUser, 'request'>, conversationId: string, upToSeq: number) =>
      who.request(markRead, { conversationId, upToSeq })

    await expect(mark(stranger, groupId, seq)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(mark(server.anonymous, groupId, seq)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(mark(tom, tom.id, seq)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'conversationId' })
    for (const upToSeq of [seq + 1, -1]) {
      await expect(mark(tom, groupId, upToSeq)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'upToSeq' })
    }
  })
})
