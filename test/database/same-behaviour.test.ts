import { expect, onTestFinished, test } from 'vitest'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { type SqlConnection, valuesAtLeastOnce } from '../../src/database/sql-connection.ts'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { indexMessages } from '../../src/log/message-index.ts'
import { wordIndexOf } from '../../src/log/word-index.ts'
import { wordsOf } from '../../src/log/words.ts'
import { needs } from '../support/needs.ts'
import { newPostgresDatabase } from '../support/postgres-database.ts'
import { newSqliteDatabase } from '../support/testkit.ts'

const NAMES = ['b', 'B', 'a', 'Z', 'ä', 'z', 'é', '_', '-', '9', '10', '😀', 'ﬀ', '中']
const at = new Date('2024-02-29T23:59:59.007Z')

const user = (name: string) => ({
  id: `id of ${name}`,
  username: name,
  usernameKey: name,
  displayName: name,
  createdAt: at,
})

/** What comes of the same work on either. */
async function both<T>(work: (database: Database) => Promise<T>): Promise<[T, T]> {
  const [sqlite, postgres] = await Promise.all([newSqliteDatabase(), newPostgresDatabase()])
  const outcomes: T[] = []
  for (const url of [sqlite, postgres]) {
    const database = await openDatabase(url)
    onTestFinished(() => database.close())
    outcomes.push(await work(database))
  }
  return outcomes as [T, T]
}

const bySql =
  <T>(work: (sql: SqlConnection) => Promise<T>) =>
  ({ writeSql }: Database) =>
    writeSql(work)

needs('postgres')('SQLite and PostgreSQL', () => {
  test('put names into one order, and tell them apart in the same way', async () => {
    const [sqlite, postgres] = await both(async ({ writeSql, read }) => {
      await writeSql((sql) => sql.insert('User', NAMES.map(user)))
      const like = (pattern: string) =>
        writeSql((sql) => sql.all(Prisma.sql`SELECT "id" FROM "User" WHERE "nameKey" LIKE ${pattern} ESCAPE '\\'`))
      return {
        ordered: (await read.user.findMany({ orderBy: { usernameKey: 'asc' } })).map(({ username }) => username),
        after: (await read.user.findMany({ where: { usernameKey: { gt: 'Z' } } })).length,
        like: [await like('%\\_%'), await like('')],
      }
    })
    expect(postgres).toEqual(sqlite)
    expect(sqlite.ordered).toEqual(NAMES.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))))
  })

  test('keep values exactly: times to the millisecond in any zone, large numbers, nothing, every kind of text', async () => {
    const text = 'a\'b"c\\d\n\t{}\u2028 e\u0301 👩‍👩‍👧 \u{10ffff}'
    const [sqlite, postgres] = await both(async ({ write, readSql, read }) => {
      await write(async (tx, sql) => {
        await tx.user.create({ data: { ...user('tom'), displayName: text, lastSeenAt: new Date(0) } })
        await sql.insert('User', [{ ...user('jerry'), displayName: text, email: null, deletedAt: at }])
        await sql.insert('Conversation', [{ id: 'g', kind: 'GROUP', createdAt: at, position: 2n ** 62n, name: text }])
      })
      return {
        model: [await read.user.findMany({ orderBy: { id: 'asc' } }), await read.conversation.findMany()],
        sql: [
          await readSql.all(Prisma.sql`SELECT * FROM "User" WHERE "createdAt" = ${at} ORDER BY "id"`),
          await readSql.all(Prisma.sql`SELECT * FROM "Conversation" WHERE "position" = ${2n ** 62n}`),
          await readSql.all(Prisma.sql`SELECT count(*) AS "count" FROM "User" WHERE "displayName" = ${text}`),
        ],
      }
    })
    expect(postgres).toEqual(sqlite)
    expect(sqlite.model[0]).toMatchObject([{ displayName: text }, { displayName: text }])
  })

  test('take values of all types side by side, nothing among them', async () => {
    const [sqlite, postgres] = await both(
      bySql(async (sql) => {
        await sql.insert('User', [user('tom'), user('jerry')])
        const rows = [
          ['id of tom', 1, 5n, at],
          ['id of jerry', 2, null, null],
        ]
        return sql.all<{ username: string }>(Prisma.sql`SELECT u."username", v.column2 AS "number", v.column4 AS "time"
          FROM (${valuesAtLeastOnce(rows)}) AS v JOIN "User" u ON u."id" = v.column1
          WHERE v.column3 IS NULL OR v.column3 > ${4n} ORDER BY v.column2`)
      }),
    )
    expect(postgres.map(({ username }) => username)).toEqual(sqlite.map(({ username }) => username))
    expect(sqlite).toHaveLength(2)
  })

  test('compare with numbers that no column could hold', async () => {
    const [sqlite, postgres] = await both(
      bySql(async (sql) => {
        await sql.insert('Conversation', [{ id: 'g', kind: 'GROUP', createdAt: at, lastSeq: 2 ** 31 - 1 }])
        const found = (seq: number) =>
          sql.all(Prisma.sql`SELECT "lastSeq" FROM "Conversation" WHERE "lastSeq" < ${seq} AND "lastSeq" > ${-seq}`)
        return [await found(2 ** 31 - 1), await found(2 ** 31), await found(9_999_999_999)]
      }),
    )
    expect(postgres).toEqual(sqlite)
    expect(sqlite.map(({ length }) => length)).toEqual([0, 1, 1])
  })

  test('index words of any length, whose end may be cut off in the middle of a character', async () => {
    const content = `a${'𐐨'.repeat(2_000)} b${'ж'.repeat(1_999)}`
    const message = { createdPosition: 1n, conversationId: 'c', senderId: 's', kind: 'TEXT' as const, content }
    const [sqlite, postgres] = await both(
      bySql(async (sql) => {
        await indexMessages(sql, [message])
        const terms = wordsOf(content).map(({ word }) => [{ words: [word], prefix: false }])
        return (await sql.all(await wordIndexOf(sql).select(sql, terms, 1n, 10))).length
      }),
    )
    expect(postgres).toEqual(sqlite)
    expect(sqlite).toBe(1)
  })

  test('refuse what breaks a rule of the model, and leave nothing of the transaction', async () => {
    const [sqlite, postgres] = await both(async ({ write, writeSql, read }) => {
      const twice = (work: Promise<unknown>) =>
        work.then(
          () => 'stored',
          (error: Error) => (error instanceof Prisma.PrismaClientKnownRequestError ? error.code : 'refused'),
        )
      const outcomes = [
        await twice(write((tx) => tx.user.createMany({ data: [user('tom'), user('tom')] }))),
        await twice(writeSql((sql) => sql.insert('User', [user('tom'), user('tom')]))),
        await twice(writeSql((sql) => sql.insert('Member', [{ conversationId: 'no', userId: 'no', joinedAt: at }]))),
        await twice(writeSql((sql) => sql.run(Prisma.sql`UPDATE "Log" SET "epoch" = NULL`))),
      ]
      return { outcomes, users: await read.user.count() }
    })
    expect(postgres).toEqual(sqlite)
    expect(sqlite).toEqual({ outcomes: ['P2002', 'refused', 'refused', 'refused'], users: 0 })
  })
})
