import { expect, test, vi } from 'vitest'
import { decodeId } from '../../src/ids.ts'
import { graphql } from '../support/graphql.ts'
import { startServer } from '../support/testkit.ts'

const overview = graphql(`
  query Overview($first: Int) {
    conversations(first: $first) {
      edges { node { unreadCount lastMessage { content status sender { username } } } }
    }
  }
`)

const COUNT = 501

test(`Who is in ${COUNT} conversations lists them in a few statements, whatever their number`, async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const { database } = server.app.services
  const [tomId, jerryId] = [tom, jerry].map(({ id }) => decodeId(id, 'User', 'id'))
  const now = new Date()
  const numbers = Array.from({ length: COUNT }, (_, index) => index + 1)
  await database.writeSql(async (sql) => {
    await sql.insert(
      'Conversation',
      numbers.map((n) => ({
        id: `group-${n}`,
        kind: 'GROUP',
        name: `Group ${n}`,
        visibility: 'PRIVATE',
        createdAt: now,
        lastSeq: 1,
        textCount: 1,
        position: n,
        activity: n,
      })),
    )
    await sql.insert(
      'Member',
      numbers.flatMap((n) => [
        { conversationId: `group-${n}`, userId: tomId, role: 'OWNER', joinedAt: now },
        { conversationId: `group-${n}`, userId: jerryId, role: 'MEMBER', joinedAt: now },
      ]),
    )
    await sql.insert(
      'Message',
      numbers.map((n) => ({
        id: `message-${n}`,
        conversationId: `group-${n}`,
        seq: 1,
        textOrdinal: 1,
        senderId: jerryId,
        kind: 'TEXT',
        content: `message ${n}`,
        createdAt: now,
        createdPosition: n,
        position: n,
        previousPosition: 0,
      })),
    )
  })
  const reading = vi.spyOn(database.readSql, 'all')
  const statementsFor = async (first: number) => {
    reading.mockClear()
    const { conversations } = await tom.request(overview, { first })
    expect(conversations.edges).toHaveLength(first)
    expect(conversations.edges[0]?.node).toEqual({
      unreadCount: 1,
      lastMessage: { content: `message ${COUNT}`, status: 'SENT', sender: { username: 'jerry' } },
    })
    // A node among others looks at the log's head besides, whenever its time has come.
    return reading.mock.calls.filter(([{ sql }]) => !/FROM "Log"/.test(sql)).length
  }

  const few = await statementsFor(2)
  expect(await statementsFor(200)).toBe(few)
  expect(few).toBeLessThan(7)
})
