import SqliteConnection from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { decodeId } from '../../src/ids.ts'
import { LogRecovery } from '../../src/realtime/log-recovery.ts'
import { becomes } from '../activity/scene.ts'
import { blockedUsers, blockUser } from '../block/operations.ts'
import { directWith, groupMarks, listConversations, markRead } from '../conversation/operations.ts'
import { banMember, bannedUsers } from '../group/ban-operations.ts'
import { groupMembers } from '../group/operations.ts'
import { groupMentions, mentionInGroup } from '../mention/operations.ts'
import { presenceOf, watchPresence } from '../presence/operations.ts'
import { addReaction, reactionsInGroup, removeReaction } from '../reaction/operations.ts'
import {
  directHistory,
  groupHistory,
  listenToGroup,
  listenToInbox,
  newGroup,
  sendDirect,
  sendToGroup,
} from '../support/messages.ts'
import { startServer, type TestServer } from '../support/testkit.ts'

interface Step {
  detail: string
}

/** Notes what reads, from now on, on whichever connection and through Prisma or not. */
function noteReads(): Set<string> {
  const reads = new Set<string>()
  const prepare = SqliteConnection.prototype.prepare
  const spy = vi.spyOn(SqliteConnection.prototype, 'prepare').mockImplementation(function (
    this: SqliteConnection.Database,
    sql: string,
  ) {
    if (/^\s*(SELECT|WITH|UPDATE "Member")/i.test(sql)) reads.add(sql)
    return prepare.call(this, sql)
  })
  onTestFinished(() => spy.mockRestore())
  return reads
}

async function databaseFile({ app }: TestServer): Promise<string> {
  const [{ file = '' } = {}] = await app.services.database.read.$queryRaw<{ file: string }[]>`
    SELECT file FROM pragma_database_list`
  return file
}

function plan(path: string, sql: string): string[] {
  const connection = new SqliteConnection(path, { readonly: true })
  const nothing = sql.match(/\?/g)?.map(() => null) ?? []
  const steps = connection.prepare<unknown[], Step>(`EXPLAIN QUERY PLAN ${sql}`).all(...nothing)
  connection.close()
  return steps.map(({ detail }) => detail)
}

async function tomsServer() {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id] })
  const { id, cursor } = createGroup.group
  const { sendGroupMessage } = await jerry.request(sendToGroup, { input: { groupId: id, content: 'Hello' } })
  const replyToId = sendGroupMessage.message.id
  await jerry.request(sendToGroup, { input: { groupId: id, content: 'Hello?', replyToId } })
  await jerry.request(sendDirect, { input: { to: { username: 'tom' }, content: 'Psst' } })
  const [spike, butch] = await Promise.all([server.register('spike'), server.register('butch')])
  await tom.request(blockUser, { user: { id: butch.id } })
  await tom.request(banMember, { groupId: id, user: { id: butch.id } })
  return { server, tom, jerry, spike, id, cursor, messageId: replyToId }
}

type Scene = Awaited<ReturnType<typeof tomsServer>>

async function pageBothWays(
  load: (page: {
    first?: number
    after?: string
    last?: number
    before?: string
  }) => Promise<string | null | undefined>,
) {
  const end = (await load({ first: 1 })) ?? ''
  await load({ first: 1, after: end })
  await load({ last: 1, before: end })
}

const WORK: [name: string, work: (scene: Scene) => Promise<unknown>, sorts?: true][] = [
  [
    'a page of messages',
    async ({ tom, id }) => {
      await pageBothWays(async (page) => {
        const { group } = await tom.request(groupHistory, { id, ...page })
        return group?.messages.pageInfo.endCursor
      })
      await tom.request(directHistory, { with: 'jerry', last: 1 })
    },
  ],
  [
    'a page of members',
    ({ tom, id }) =>
      pageBothWays(async (page) => {
        const { group } = await tom.request(groupMembers, { id, ...page })
        return group?.members.pageInfo.endCursor
      }),
  ],
  [
    'what a conversation leads to',
    async ({ tom, id }) => {
      await tom.request(groupMarks, { id })
      await tom.request(directWith, { with: { username: 'jerry' } })
    },
  ],
  [
    'resuming in a group',
    async ({ tom, id, cursor }) => {
      await tom.listen(listenToGroup, { groupId: id, after: cursor }).next()
    },
  ],
  [
    'who is online',
    async ({ server, tom, spike }) => {
      const { presence } = server.app.services
      for (const { id } of [tom, spike]) presence.connected(decodeId(id, 'User', 'id'))
      await tom.request(presenceOf, { id: spike.id })
      await tom.listen(watchPresence, { userIds: [tom.id, spike.id] }).next()
    },
  ],
  [
    'a page of whom one has blocked, or a group has banned',
    async ({ tom, id }) => {
      await pageBothWays(async (page) => (await tom.request(blockedUsers, page)).blockedUsers.pageInfo.endCursor)
      await pageBothWays(async (page) => {
        const { group } = await tom.request(bannedUsers, { id, ...page })
        return group?.bannedUsers?.pageInfo.endCursor
      })
    },
  ],
  [
    'marks',
    async ({ server, tom, jerry, id, cursor }) => {
      const inbox = tom.listen(listenToInbox, { after: cursor })
      await inbox.ready
      const { sendGroupMessage } = await jerry.request(sendToGroup, { input: { groupId: id, content: 'Hm' } })
      await becomes(jerry, sendGroupMessage.message.id, 'DELIVERED')
      await tom.request(markRead, { conversationId: id, upToSeq: 1 })
      await server.stop()
    },
    true,
  ],
  [
    'reactions and mentions',
    async ({ tom, id, messageId }) => {
      await tom.request(addReaction, { messageId, emoji: '👍' })
      await tom.request(mentionInGroup, { groupId: id, content: '@tom and @jerry' })
      await tom.request(reactionsInGroup, { groupId: id, last: 50 })
      await tom.request(groupMentions, { id })
      await tom.request(removeReaction, { messageId, emoji: '👍' })
    },
  ],
  [
    'what a node has missed',
    async ({ server, id }) => {
      const { database, reader } = server.app.services
      const recovery = new LogRecovery({
        log: reader.wholeLog,
        sql: database.readSql,
        userIds: () => ['tom'],
        conversationIds: () => [decodeId(id, 'Group', 'id')],
        tell: () => {},
      })
      expect(await recovery.read(0n)).toBe(await reader.head())
    },
  ],
  // Where he is in many conversations, these two put his own ones in order: an index for that would have to be
  // written for each member with each message.
  [
    'the list of conversations',
    ({ tom }) =>
      pageBothWays(async (page) => (await tom.request(listConversations, page)).conversations.pageInfo.endCursor),
    true,
  ],
  [
    'resuming an inbox',
    async ({ tom, cursor }) => {
      await tom.listen(listenToInbox, { after: cursor }).next()
    },
    true,
  ],
]

test('Whether two have blocked each other is looked up by their ids, for each direct message', async () => {
  const reads = noteReads()
  const { server } = await tomsServer()
  const blocks = [...reads].filter((sql) => sql.includes('"Block"'))
  const file = await databaseFile(server)
  expect(blocks.length).toBeGreaterThan(0)
  for (const sql of blocks) {
    expect(plan(file, sql).filter((step) => / b /.test(step))).toEqual([
      'SEARCH b USING COVERING INDEX sqlite_autoindex_Block_1 (blockerId=? AND userId=?)',
    ])
  }
})

test.each(WORK)('For %s no table is read from end to end, or sorted', async (_name, work, sorts) => {
  const scene = await tomsServer()
  const file = await databaseFile(scene.server)
  const reads = noteReads()

  await work(scene)

  expect(reads.size).toBeGreaterThan(1)
  for (const sql of reads) {
    const bad = plan(file, sql).filter(
      (step) =>
        (/^SCAN /.test(step) &&
          !/^SCAN (page|k|v|few|\d+-ROW VALUES CLAUSE|CONSTANT ROW|\d+ CONSTANT ROWS?)\b/.test(step)) ||
        (!sorts && /TEMP B-TREE FOR .*ORDER BY/.test(step)),
    )
    expect({ sql, bad }).toEqual({ sql, bad: [] })
  }
})
