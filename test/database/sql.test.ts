import { expect, onTestFinished, test } from 'vitest'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { valuesAtLeastOnce } from '../../src/database/sql-connection.ts'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { newDatabase } from '../support/testkit.ts'

async function openTestDatabase(): Promise<Database> {
  const database = await openDatabase(await newDatabase())
  onTestFinished(() => database.close())
  return database
}

const at = new Date('2024-02-29T23:59:59.007Z')
const user = { id: 'tom', username: 'Tom', usernameKey: 'tom', displayName: 'Töm 😀', createdAt: at, lastSeenAt: null }
const LARGE = 2n ** 53n + 1n

const insertUser = Prisma.sql`INSERT INTO "User" ("id", "username", "usernameKey", "displayName", "createdAt", "lastSeenAt")
  VALUES (${user.id}, ${user.username}, ${user.usernameKey}, ${user.displayName}, ${user.createdAt}, ${null})`
const insertConversation = Prisma.sql`INSERT INTO "Conversation" ("id", "kind", "createdAt", "lastSeq", "position")
  VALUES (${'group'}, 'GROUP', ${at}, ${7}, ${LARGE})`

test('What is written in SQL is stored as Prisma stores it', async () => {
  const [ours, prismas] = [await openTestDatabase(), await openTestDatabase()]
  await ours.writeSql(async (sql) => {
    expect(await sql.run(insertUser)).toBe(1)
    expect(await sql.run(insertConversation)).toBe(1)
  })
  await prismas.write(async (tx) => {
    await tx.user.create({ data: user })
    await tx.conversation.create({
      data: { id: 'group', kind: 'GROUP', createdAt: at, lastSeq: 7, position: LARGE },
    })
  })

  expect(await ours.read.user.findMany()).toEqual(await prismas.read.user.findMany())
  expect(await ours.read.conversation.findMany()).toEqual(await prismas.read.conversation.findMany())
  const stored = Prisma.sql`SELECT typeof("createdAt") AS "type", CAST("createdAt" AS TEXT) AS "text", typeof("position") AS "position"
    FROM "Conversation"`
  expect(await ours.readSql.all(stored)).toEqual(await prismas.readSql.all(stored))
})

test('Rows are inserted the same on either way, with defaults for what they leave out', async () => {
  const database = await openTestDatabase()
  const rows = [7, 8].map((lastSeq) => ({ id: `by SQL ${lastSeq}`, kind: 'GROUP', createdAt: at, lastSeq, name: null }))
  await database.writeSql((sql) => sql.insert('Conversation', rows))
  await database.write((_tx, sql) =>
    sql.insert(
      'Conversation',
      rows.map((row) => ({ ...row, id: `by Prisma ${row.lastSeq}` })),
    ),
  )
  await database.writeSql((sql) => sql.insert('Conversation', []))

  const stored = await database.read.conversation.findMany({ orderBy: { id: 'desc' } })
  expect(stored).toMatchObject([
    ...rows.toReversed(),
    ...rows.toReversed().map((row) => ({ ...row, id: `by Prisma ${row.lastSeq}` })),
  ])
  expect(new Set(stored.map(({ position, textCount }) => `${position} ${textCount}`))).toEqual(new Set(['0 0']))
})

test('Values that come at least once make no difference to what is looked up or changed', async () => {
  const database = await openTestDatabase()
  const ids = Array.from({ length: 5 }, (_, index) => `group ${index}`)
  await database.writeSql(async (sql) => {
    await sql.insert(
      'Conversation',
      ids.map((id) => ({ id, kind: 'GROUP', createdAt: at })),
    )
    const values = valuesAtLeastOnce(ids.map((id, index) => [id, index]))
    const update = Prisma.sql`UPDATE "Conversation" AS c SET "lastSeq" = c."lastSeq" + v.column2
      FROM (${values}) AS v WHERE c."id" = v.column1`
    expect(await sql.run(update)).toBe(5)
  })

  const found = await database.readSql.all<{ lastSeq: number }>(
    Prisma.sql`SELECT "lastSeq" FROM "Conversation" WHERE "id" IN (${valuesAtLeastOnce(ids.map((id) => [id]))}) ORDER BY "id"`,
  )
  expect(found.map(({ lastSeq }) => lastSeq)).toEqual([0, 1, 2, 3, 4])
})

test('Rows are the same as through Prisma, from its model and from its raw queries', async () => {
  const database = await openTestDatabase()
  await database.write(async (tx) => {
    await tx.user.create({ data: user })
    await tx.conversation.create({ data: { id: 'group', kind: 'GROUP', createdAt: at, lastSeq: 7, position: LARGE } })
  })
  const { read, readSql } = database

  expect(await readSql.all(Prisma.sql`SELECT * FROM "User"`)).toEqual(await read.user.findMany())
  expect(await readSql.all(Prisma.sql`SELECT * FROM "Conversation"`)).toEqual(await read.conversation.findMany())
  for (const query of [
    Prisma.sql`SELECT * FROM "Conversation" WHERE "createdAt" = ${at} AND "position" > ${2n ** 53n}`,
    Prisma.sql`SELECT "lastSeq" AS "n", "createdAt" AS "t" FROM "Conversation" c`,
    Prisma.sql`SELECT count(*) AS "count", max("lastSeq") AS "max", ${'x'} AS "text", NULL AS "nothing" FROM "Conversation"`,
    Prisma.sql`SELECT ${true} AND 1 AS "truth", 0.5 AS "half"`,
    Prisma.sql`SELECT * FROM "Message"`,
  ]) {
    expect(await readSql.all(query)).toEqual(await read.$queryRaw(query))
  }
})

test('Inside a transaction of Prisma’s, SQL and model see each other’s work, and fail together', async () => {
  const { write, read } = await openTestDatabase()
  const failing = write(async (tx, sql) => {
    await tx.user.create({ data: user })
    await sql.run(Prisma.sql`UPDATE "User" SET "displayName" = 'Thomas' WHERE "id" = 'tom'`)
    expect(await tx.user.findMany()).toMatchObject([{ displayName: 'Thomas' }])
    throw new Error('No')
  })

  await expect(failing).rejects.toThrow('No')
  expect(await read.user.count()).toBe(0)
})

test('Transactions with and without Prisma run one after another; one that fails leaves nothing', async () => {
  const { write, writeSql, read, readSql } = await openTestDatabase()
  const opened = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const failing = writeSql(async (sql) => {
    await sql.run(insertUser)
    opened.resolve()
    await release.promise
    throw new Error('Rolled back')
  })
  await opened.promise
  const later = write((tx) => tx.conversation.create({ data: { id: 'group', kind: 'GROUP', createdAt: at } }))
  const last = writeSql((sql) => sql.all<{ id: string }>(Prisma.sql`SELECT "id" FROM "Conversation"`))
  expect(await readSql.all(Prisma.sql`SELECT "id" FROM "User"`)).toEqual([])
  release.resolve()

  await expect(failing).rejects.toThrow('Rolled back')
  await later
  expect(await last).toEqual([{ id: 'group' }])
  expect(await read.user.count()).toBe(0)
})

test('What is for reading can’t write', async () => {
  const { readSql } = await openTestDatabase()

  await expect(readSql.run(insertUser)).rejects.toThrow(/readonly/)
})
