import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CursorCodec } from '../../src/log/cursor.ts'
import type { GroupHistoryQuery } from '../generated/graphql.ts'
import { fillGroup } from '../support/bulk-messages.ts'
import {
  addToGroup,
  deleteMessage,
  editMessage,
  groupHistory,
  listenToGroup,
  listenToInbox,
  newGroup,
  removeFromGroup,
  sendDirect,
  sendToGroup,
} from '../support/messages.ts'
import { startServer, type TestUser } from '../support/testkit.ts'

async function tomAndJerrysGroup() {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const { createGroup } = await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id] })
  const { id: groupId, cursor } = createGroup.group
  const say = async (who: TestUser, content: string) =>
    (await who.request(sendToGroup, { input: { groupId, content } })).sendGroupMessage
  return { server, tom, jerry, groupId, cursor, say }
}

test('A resumed subscription gives what was missed in its latest state, once and in order, then goes live', async () => {
  const { tom, jerry, groupId, say } = await tomAndJerrysGroup()
  const known = await say(tom, 'known')
  const gone = await say(tom, 'known, to be deleted')
  const fresh = await say(tom, 'new')
  await tom.request(editMessage, { messageId: fresh.message.id, content: 'new, edited' })
  await tom.request(editMessage, { messageId: fresh.message.id, content: 'new, edited twice' })
  const dropped = await say(tom, 'new, to be deleted')
  await tom.request(deleteMessage, { messageId: gone.message.id })
  await tom.request(editMessage, { messageId: known.message.id, content: 'known, edited' })
  await tom.request(deleteMessage, { messageId: dropped.message.id })

  const ear = jerry.listen(listenToGroup, { groupId, after: gone.cursor })
  const missed = [await ear.next(), await ear.next(), await ear.next(), await ear.next()]
  expect(missed.map(({ groupMessages: { type, message } }) => [type, message.seq, message.content])).toEqual([
    ['CREATED', fresh.message.seq, 'new, edited twice'],
    ['DELETED', gone.message.seq, null],
    ['UPDATED', known.message.seq, 'known, edited'],
    ['CREATED', dropped.message.seq, null],
  ])

  const live = await say(tom, 'live')
  expect((await ear.next()).groupMessages).toMatchObject({ type: 'CREATED', cursor: live.cursor })
  expect(ear.untaken).toEqual([])
})

test('What is new to a listener comes as new, also when it changes while he is catching up', async () => {
  const { server, tom, jerry, groupId, cursor } = await tomAndJerrysGroup()
  await fillGroup(server, { id: groupId }, tom, 300)
  const last = await lastMessage(tom, groupId)
  const ear = jerry.listen(listenToGroup, { groupId, after: cursor })
  const events = [await ear.next()]
  await tom.request(editMessage, { messageId: last.id, content: 'edited' })
  while (events.at(-1)?.groupMessages.message.content !== 'edited') events.push(await ear.next())

  expect(events.map(({ groupMessages }) => groupMessages.type)).not.toContain('DELETED')
  for (const [index, { groupMessages }] of events.entries()) {
    const isFirst = events.findIndex((other) => other.groupMessages.message.id === groupMessages.message.id) === index
    expect(groupMessages.type).toBe(isFirst ? 'CREATED' : 'UPDATED')
  }
})

async function lastMessage(viewer: TestUser, groupId: string): Promise<{ id: string }> {
  const { group } = await viewer.request(groupHistory, { id: groupId, last: 1 })
  const message = group?.messages.edges[0]?.node
  if (!message) throw new Error('The group is empty')
  return message
}

test('Whatever the cuts, a listener that resumes holds the history at the end', async () => {
  const { tom, jerry, groupId, cursor: start, say } = await tomAndJerrysGroup()
  let said = 0

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 4, max: 20 }),
      async (cuts, sends) => {
        const sending = Promise.all(
          Array.from({ length: sends }, (_, index) => say(index % 2 ? tom : jerry, `message ${++said}`)),
        )
        const heard: string[] = []
        let after = start
        // Each cut closes the line after so many events, while the others go on sending.
        for (const events of cuts) {
          const ear = jerry.listen(listenToGroup, { groupId, after })
          const expected = Math.min(events, said - heard.length)
          for (let taken = 0; taken < expected; taken++) {
            const { groupMessages: event } = await ear.next()
            heard.push(`${event.message.seq} ${event.message.content}`)
            after = event.cursor
          }
          ear.close()
        }
        await sending
        const ear = jerry.listen(listenToGroup, { groupId, after })
        while (heard.length < said) {
          const { groupMessages: event } = await ear.next()
          expect(event.type).toBe('CREATED')
          heard.push(`${event.message.seq} ${event.message.content}`)
        }
        ear.close()

        expect(heard).toEqual(await wholeHistory(jerry, groupId))
      },
    ),
    { numRuns: 12 },
  )
})

const SYSTEM_MESSAGES = 2 // the group's creation, and Jerry's coming

async function wholeHistory(viewer: TestUser, groupId: string): Promise<string[]> {
  const all: string[] = []
  let after: string | null = null
  do {
    const answer: GroupHistoryQuery = await viewer.request(groupHistory, { id: groupId, first: 200, after })
    const group = answer.group
    if (!group) throw new Error('The group is gone')
    all.push(...group.messages.edges.map(({ node }) => `${node.seq} ${node.content}`))
    after = group.messages.pageInfo.hasNextPage ? (group.messages.pageInfo.endCursor ?? null) : null
  } while (after)
  return all.slice(SYSTEM_MESSAGES)
}

test('An inbox resumes over all conversations, the ones entered meanwhile included', async () => {
  const { server, tom, jerry, groupId, say } = await tomAndJerrysGroup()
  const spike = await server.register('spike')
  const seen = await say(tom, 'seen')
  await say(tom, 'missed')
  await spike.request(sendDirect, { input: { to: { username: 'jerry' }, content: 'woof' } })
  const { createGroup } = await spike.request(newGroup, { name: 'Dogs' })
  await spike.request(addToGroup, { groupId: createGroup.group.id, username: 'jerry' })

  const ear = jerry.listen(listenToInbox, { after: seen.cursor })
  const missed = [await ear.next(), await ear.next(), await ear.next(), await ear.next()]
  expect(missed.map(({ inbox }) => inbox.message.content)).toEqual([
    'missed',
    'woof',
    'created the group',
    'was added to the group',
  ])
  await tom.request(removeFromGroup, { groupId, username: 'jerry' })
  await say(tom, 'not for Jerry')
  await spike.request(sendToGroup, { input: { groupId: createGroup.group.id, content: 'live' } })
  expect((await ear.next()).inbox.message.content).toBe('live')
})

test('A cursor that can’t be served is refused with a reason', async () => {
  const { server, tom, jerry, groupId } = await tomAndJerrysGroup()
  const other = await startServer()
  const spike = await other.register('spike')
  const { createGroup } = await spike.request(newGroup, { name: 'Elsewhere' })
  const future = Buffer.from(tom.username).toString('base64url')

  for (const after of ['', 'garbage', future, createGroup.group.cursor, fromTheFuture(server.app.services.cursors)]) {
    const ear = jerry.listen(listenToGroup, { groupId, after })
    await expect(ear.next()).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
  }
})

function fromTheFuture(cursors: CursorCodec): string {
  return cursors.encode({ position: 1_000_000n })
}
