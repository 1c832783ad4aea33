import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openSignedInSocket } from '../support/bare-socket.ts'
import { fillGroup } from '../support/bulk-messages.ts'
import { graphql } from '../support/graphql.ts'
import { deleteMessage, listenToGroup, newGroup, sendToGroup } from '../support/messages.ts'
import { startServer, type TestUser } from '../support/testkit.ts'

const MANY = 20_000

const groupCursor = graphql(`query GroupCursor($id: ID!) { group(id: $id) { cursor } }`)

async function tomsGroup() {
  const server = await startServer()
  const tom = await server.register('tom')
  const { createGroup } = await tom.request(newGroup, { name: 'The house' })
  const groupId = createGroup.group.id
  const say = async (content: string) =>
    (await tom.request(sendToGroup, { input: { groupId, content } })).sendGroupMessage
  const beginning = server.app.services.cursors.encode({ position: 0n })
  return { server, tom, groupId, created: createGroup.group.cursor, beginning, say }
}

async function take(who: TestUser, groupId: string, after: string, count: number): Promise<(string | null)[]> {
  const ear = who.listen(listenToGroup, { groupId, after })
  const contents: (string | null)[] = []
  while (contents.length < count) contents.push((await ear.next()).groupMessages.message.content ?? null)
  ear.close()
  return contents
}

test('From before the first message comes everything; from the very last, what comes next', async () => {
  const { tom, groupId, beginning, say } = await tomsGroup()
  await say('one')
  const last = await say('two')

  expect(await take(tom, groupId, beginning, 3)).toEqual(['created the group', 'one', 'two'])

  const ear = tom.listen(listenToGroup, { groupId, after: last.cursor })
  await ear.ready
  await say('three')
  expect((await ear.next()).groupMessages.message.content).toBe('three')
})

test('A deleted message’s cursor, and another conversation’s, are places in the log like any other', async () => {
  const { tom, groupId, say } = await tomsGroup()
  const gone = await say('gone')
  const { createGroup: other } = await tom.request(newGroup, { name: 'Elsewhere' })
  await tom.request(deleteMessage, { messageId: gone.message.id })
  await say('later')

  expect(await take(tom, groupId, gone.cursor, 2)).toEqual([null, 'later'])
  expect(await take(tom, groupId, other.group.cursor, 2)).toEqual([null, 'later'])
})

test('A conversation’s cursor stands behind all that it shows', async () => {
  const { tom, groupId, say } = await tomsGroup()
  await say('shown')
  const { group } = await tom.request(groupCursor, { id: groupId })
  await say('missed')

  expect(await take(tom, groupId, group?.cursor ?? '', 1)).toEqual(['missed'])
})

test('Tens of thousands of changes back are served in pages, while others listen and send undisturbed', {
  timeout: 60_000,
}, async () => {
  const { server, tom, groupId, beginning, say } = await tomsGroup()
  await fillGroup(server, { id: groupId }, tom, MANY)
  const { cursors, reader } = server.app.services
  const live = tom.listen(listenToGroup, { groupId, after: cursors.encode({ position: await reader.head() }) })
  await live.ready

  const late = await openSignedInSocket(server.url, tom.accessToken)
  const seqs: number[] = []
  const all = new Promise<void>((resolve) => {
    late.socket.on('message', (data) => {
      seqs.push(JSON.parse(String(data)).payload.data.inbox.message.seq)
      if (seqs.length === MANY + 2) resolve()
    })
  })
  const query = `subscription { inbox(after: "${beginning}") { message { seq } } }`
  late.send({ type: 'subscribe', id: '1', payload: { query } })
  await once(late.socket, 'message')

  const during = await say('during')
  expect((await live.next()).groupMessages.message.id).toBe(during.message.id)
  expect(seqs.length).toBeLessThan(MANY)
  await all
  expect(seqs).toEqual(Array.from({ length: MANY + 2 }, (_, index) => index + 1))
})
