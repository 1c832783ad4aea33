import { describe, expect, test } from 'vitest'
import { groupMarks, markRead } from '../conversation/operations.ts'
import { openSignedInSocket } from '../support/bare-socket.ts'
import { listenToDirect, listenToGroup, listenToInbox, newGroup } from '../support/messages.ts'
import { poll } from '../support/patience.ts'
import { startServer, type TestUser } from '../support/testkit.ts'
import { hear, listenToActivity, setTyping } from './operations.ts'
import { becomes, say, startHouse, status, write } from './scene.ts'

const SEND_AND_LOOK =
  'mutation { sendDirectMessage(input: { to: { username: "jerry" }, content: "Hm" }) { message { status } } }'

async function deliveredSeq(asker: TestUser, groupId: string, username: string): Promise<number | undefined> {
  const { group } = await asker.request(groupMarks, { id: groupId })
  return group?.members.edges.find(({ node }) => node.user.username === username)?.node.deliveredSeq
}

async function markFor(reader: TestUser, conversationId: string, upToSeq: number) {
  await reader.request(markRead, { conversationId, upToSeq })
}

describe('What has become of a message', () => {
  test('to one who listens is told step by step', async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    const jerry = await server.register('jerry')
    const ear = jerry.listen(listenToDirect, { with: 'tom' })
    await ear.ready

    const answer = await tom.post({ query: SEND_AND_LOOK })
    expect(await answer.json()).toMatchObject({ data: { sendDirectMessage: { message: { status: 'SENT' } } } })
    const message = await write(tom, 'jerry')
    await becomes(tom, message.id, 'DELIVERED')
    await markFor(jerry, message.conversation.id, message.seq)
    expect(await status(tom, message.id)).toBe('READ')
  })

  test.each(['listen', 'listenOverSse'] as const)(
    'to one who is away stays SENT until he comes and resumes: %s',
    async (how) => {
      const server = await startServer()
      const tom = await server.register('tom')
      const jerry = await server.register('jerry')
      const spike = await server.register('spike')
      const present = spike[how](listenToInbox, {})
      await present.ready
      const first = await write(tom, 'jerry')
      const last = await write(tom, 'jerry')
      // What another one has had by then says that his would have been noted, too.
      await becomes(tom, (await write(tom, 'spike')).id, 'DELIVERED')
      expect(await Promise.all([first, last].map(({ id }) => status(tom, id)))).toEqual(['SENT', 'SENT'])

      const inbox = jerry[how](listenToInbox, { after: server.app.services.cursors.encode({ position: 0n }) })
      await inbox.next()

      await becomes(tom, last.id, 'DELIVERED')
      expect(await status(tom, first.id)).toBe('DELIVERED')
    },
  )

  test('that he has loaded before he listens is DELIVERED as he resumes after it', async () => {
    const { tom, jerry, spike, groupId } = await startHouse()
    await markFor(spike, groupId, (await say(spike, groupId)).seq)
    const direct = await write(tom, 'jerry')
    const { id, seq } = await say(tom, groupId)
    await markFor(spike, groupId, seq)
    const inbox = jerry.listen(listenToInbox, { after: await cursorOf(jerry) })
    await inbox.ready

    await becomes(tom, id, 'DELIVERED')
    await becomes(tom, direct.id, 'DELIVERED')
  })

  test('in a group counts once it holds for all others', async () => {
    const { tom, jerry, spike, groupId } = await startHouse()
    const ears = [jerry.listen(listenToGroup, { groupId }), tom.listen(listenToInbox, {})]
    await Promise.all(ears.map(({ ready }) => ready))

    const message = await say(tom, groupId)
    await poll(() => deliveredSeq(tom, groupId, 'jerry'), message.seq)
    expect(await status(tom, message.id)).toBe('SENT')
    await markFor(spike, groupId, message.seq)
    expect(await status(tom, message.id)).toBe('DELIVERED')
    await markFor(jerry, groupId, message.seq)
    expect(await status(tom, message.id)).toBe('READ')
    expect(await status(jerry, message.id), 'to others as well').toBe('READ')
  })

  test('in a group of more than 100 members stays SENT', async () => {
    const { server, tom, jerry } = await startHouse()
    const now = new Date()
    const crowd = Array.from({ length: 99 }, (_, index) => `member-${index}`)
    await server.app.services.database.write((tx) =>
      tx.user.createMany({
        data: crowd.map((name) => ({ id: name, username: name, usernameKey: name, displayName: name, createdAt: now })),
      }),
    )
    const memberIds = [jerry.id, ...crowd.map((id) => Buffer.from(`User:${id}`).toString('base64url'))]
    const { createGroup } = await tom.request(newGroup, { name: 'Crowd', memberIds })
    const groupId = createGroup.group.id
    const ear = jerry.listen(listenToInbox, {})
    await ear.ready

    const activity = tom.listen(listenToActivity, { conversationId: groupId })
    await activity.ready
    const inCrowd = await say(tom, groupId)
    await markFor(jerry, groupId, inCrowd.seq - 1)
    await tom.request(setTyping, { conversationId: groupId, typing: true })
    await jerry.request(setTyping, { conversationId: groupId, typing: true })
    expect(await hear(activity), 'nothing of marks').toBe('jerry typing true')
    await becomes(tom, (await write(tom, 'jerry')).id, 'DELIVERED')
    expect(await deliveredSeq(tom, groupId, 'jerry')).toBeLessThan(inCrowd.seq)
    await server.app.services.database.write((tx) =>
      tx.member.updateMany({ data: { readSeq: inCrowd.seq, deliveredSeq: inCrowd.seq } }),
    )
    expect(await status(tom, inCrowd.id)).toBe('SENT')
  })
})

describe('A delivered mark', () => {
  test('is kept when the server stops', async () => {
    const { server, tom, jerry } = await startHouse()
    const ear = jerry.listen(listenToInbox, {})
    await ear.ready
    const message = await write(tom, 'jerry')
    await ear.next()
    await server.stop()

    const next = await startServer({ databaseUrl: server.databaseUrl })
    expect(await status(await next.login(tom), message.id)).toBe('DELIVERED')
  })

  test('is set for one who goes at once, by what he has had', async () => {
    const { server, tom, jerry, groupId } = await startHouse()
    const ear = jerry.listen(listenToGroup, { groupId })
    await ear.ready
    const { seq } = await say(tom, groupId)
    await ear.next()
    jerry.close()
    await poll(async () => server.app.census().rooms, 0)

    await say(tom, groupId, 'You have gone')
    await poll(() => deliveredSeq(tom, groupId, 'jerry'), seq)
  })

  test('is not set for one to whom nothing gets through', async () => {
    const { server, tom, jerry, spike, groupId } = await startHouse()
    const { socket, send, next } = await openSignedInSocket(server.url, jerry.accessToken)
    send({ type: 'subscribe', id: 'listen', payload: { query: 'subscription { inbox { message { content } } }' } })
    send({ type: 'subscribe', id: 'ready', payload: { query: '{ __typename }' } })
    await next()
    const ear = spike.listen(listenToGroup, { groupId })
    await ear.ready
    socket.pause()

    // More than the system takes for him.
    let last = 0
    for (let round = 0; round < 15; round++) {
      const saying = Array.from({ length: 100 }, () => say(tom, groupId, '漢'.repeat(1_000)))
      last = Math.max(...(await Promise.all(saying)).map(({ seq }) => seq))
    }
    await poll(() => deliveredSeq(tom, groupId, 'spike'), last)
    expect(await deliveredSeq(tom, groupId, 'jerry')).toBeLessThan(last)
    socket.terminate()
  })

  test('is not set for what was sent before he came, by what comes since', async () => {
    const { tom, jerry, spike } = await startHouse()
    const inbox = tom.listen(listenToInbox, {})
    await inbox.ready
    const missed = await write(tom, 'jerry')
    await jerry.listen(listenToInbox, {}).ready

    await becomes(spike, (await write(spike, 'jerry')).id, 'DELIVERED')
    expect(await status(tom, missed.id)).toBe('SENT')
  })

  test('never goes back', async () => {
    const { server, tom, jerry, spike, groupId } = await startHouse()
    await Promise.all(Array.from({ length: 3 }, () => say(tom, groupId)))
    const { seq } = await say(tom, groupId)
    await markFor(jerry, groupId, seq)
    const ears = [jerry, spike].map((user) =>
      user.listen(listenToGroup, { groupId, after: server.app.services.cursors.encode({ position: 0n }) }),
    )
    await Promise.all(ears.map(({ ready }) => ready))

    await poll(() => deliveredSeq(tom, groupId, 'spike'), seq)
    expect(await deliveredSeq(tom, groupId, 'jerry')).toBe(seq)
  })
})

async function cursorOf(user: TestUser): Promise<string> {
  const response = await user.post({ query: '{ conversations(first: 0) { cursor } }' })
  const { data } = (await response.json()) as { data: { conversations: { cursor: string } } }
  return data.conversations.cursor
}
