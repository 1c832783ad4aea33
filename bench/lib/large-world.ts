import type SqliteConnection from 'better-sqlite3'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { type Message, Prisma } from '../../src/generated/prisma/client.ts'
import { indexMessages } from '../../src/log/message-index.ts'
import type { Scale } from './scale.ts'
import { groupKey, NOW, userKey, type World, type WorldMaker } from './world.ts'

const SENDERS = 50
const INDEX_STEP = 500 // messages indexed in one transaction
const SMALL_GROUP = 20 // messages in each of the other conversations

/** Group 0 has all the messages; user 0 is in as many others as the scale says, with something unread in each. */
export async function createLargeWorld(createWorld: WorldMaker, { messages, conversations }: Scale): Promise<World> {
  const everybody = Array.from({ length: SENDERS }, (_, user) => user)
  const pairs = Array.from({ length: conversations - 1 }, (_, group) => [0, 1 + (group % (SENDERS - 1))])
  const world = await createWorld('large', { users: SENDERS, groups: [everybody, ...pairs] })
  world.edit((connection) => {
    fill(connection, 0, messages)
    for (const group of pairs.keys()) fill(connection, group + 1, SMALL_GROUP, 1 + (group % (SENDERS - 1)))
  })
  const database = await openDatabase(`file:${world.path}`)
  await indexAll(database)
  await database.close()
  return world
}

async function indexAll(database: Database): Promise<void> {
  for (let after = 0n; ; ) {
    const messages = await database.readSql.all<Message>(Prisma.sql`
      SELECT * FROM "Message" WHERE "createdPosition" > ${after} ORDER BY "createdPosition" LIMIT ${INDEX_STEP}`)
    const last = messages.at(-1)
    if (!last) return
    await database.writeSql((sql) => indexMessages(sql, messages))
    after = last.createdPosition
  }
}

/** Messages of one sender, or of all in turns. */
function fill(connection: SqliteConnection.Database, group: number, count: number, sender?: number): void {
  const start = connection.prepare('SELECT "position" FROM "Log"').pluck().get() as number
  const senderId =
    sender === undefined ? `'${userKey(0).slice(0, -2)}' || printf('%02d', n % ${SENDERS})` : `'${userKey(sender)}'`
  connection
    .prepare(
      `INSERT INTO "Message" ("id", "conversationId", "senderId", "seq", "textOrdinal", "kind", "content", "createdAt",
         "createdPosition", "position", "previousPosition")
       WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
       SELECT printf('40000000-0000-7000-8000-%012d', :start + n), :group, ${senderId}, n, n, 'TEXT',
         'The message with the number ' || n, '${NOW}', :start + n, :start + n, :start + n - 1 FROM numbers`,
    )
    .run({ count, start, group: groupKey(group) })
  const end = start + count
  connection.prepare('UPDATE "Log" SET "position" = ?').run(end)
  connection
    .prepare('UPDATE "Conversation" SET "lastSeq" = ?, "textCount" = ?, "position" = ?, "activity" = ? WHERE "id" = ?')
    .run(count, count, end, end, groupKey(group))
}
