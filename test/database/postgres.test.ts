import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { tryPatiently } from '../../src/database/postgres-faults.ts'
import { StorageError } from '../../src/errors.ts'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { needs } from '../support/needs.ts'
import { sharedPostgres } from '../support/shared-postgres.ts'

/** A database that no node has been on, and a connection to it. */
async function bareDatabase() {
  const url = new URL(await sharedPostgres())
  const admin = new pg.Client(url.href)
  await admin.connect()
  const name = `bare_${randomBytes(6).toString('hex')}`
  await admin.query(`CREATE DATABASE ${name}`)
  url.pathname = name
  const client = new pg.Client(url.href)
  await client.connect()
  onTestFinished(async () => {
    await client.end()
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.end()
  })
  return { url: url.href, client }
}

needs('postgres')('On PostgreSQL', () => {
  test('a node needs no more than two connections, also to migrate the database', async () => {
    const { url, client } = await bareDatabase()
    const database = await openDatabase(url, 2)
    onTestFinished(() => database.close())

    const { read, write } = database
    expect(await Promise.all([read.log.count(), read.log.count(), write((tx) => tx.log.count())])).toEqual([1, 1, 1])
    const { rows } = await client.query(
      `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'chatserver'`,
    )
    expect(rows).toEqual([{ count: 2 }])
  })

  test('a migration that fails half-way leaves nothing of it', async () => {
    const { url, client } = await bareDatabase()
    await client.query('CREATE TABLE "MessageSearch" ("mine" integer)')
    await expect(openDatabase(url)).rejects.toThrow('"MessageSearch" already exists')
    const tables = () => client.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)
    expect((await tables()).rows).toEqual([{ tablename: 'MessageSearch' }])

    await client.query('DROP TABLE "MessageSearch"')
    const database = await openDatabase(url)
    onTestFinished(() => database.close())
    expect(await database.read.log.count()).toBe(1)
  })

  test('of nodes that start at once, one migrates the database', async () => {
    const { url } = await bareDatabase()
    const databases = await Promise.all(Array.from({ length: 3 }, () => openDatabase(url)))
    onTestFinished(async () => void (await Promise.all(databases.map((database) => database.close()))))
    for (const { read } of databases) expect(await read.log.count()).toBe(1)
  })

  test('what a node relies on holds whatever the URL asks for besides', async () => {
    const { url } = await bareDatabase()
    const database = await openDatabase(
      `${url}?application_name=mine&options=-c%20timezone%3DAsia/Tokyo%20-c%20geqo%3Doff`,
    )
    onTestFinished(() => database.close())
    const settings = Prisma.sql`SELECT current_setting('timezone') AS "timezone", current_setting('geqo') AS "geqo",
      current_setting('idle_in_transaction_session_timeout') AS "silence", current_setting('application_name') AS "name"`
    const expected = [{ timezone: 'UTC', geqo: 'off', silence: '5s', name: 'chatserver' }]

    expect(await database.readSql.all(settings)).toEqual(expected)
    expect(await database.writeSql((sql) => sql.all(settings))).toEqual(expected)
    await expect(database.readSql.run(Prisma.sql`UPDATE "Log" SET "position" = 1`)).rejects.toThrow()
  })

  test('a node goes on when a newer one has changed the tables', async () => {
    const { url, client } = await bareDatabase()
    const database = await openDatabase(url)
    onTestFinished(() => database.close())
    const { readSql, writeSql } = database
    const reading = Prisma.sql`SELECT * FROM "Log"`
    const all = (work: () => Promise<unknown>) => Promise.all(Array.from({ length: 10 }, work))
    const read = () => readSql.all(reading)
    const write = () => writeSql((sql) => sql.all(reading))
    await Promise.all([all(read), all(write)])
    await client.query('ALTER TABLE "Log" ADD COLUMN "later" integer DEFAULT 7')

    const later = Array.from({ length: 10 }, () => [expect.objectContaining({ later: 7 })])
    expect(await all(read)).toEqual(later)
    expect(await all(write)).toEqual(later)
  })
})

test.each(['EHOSTUNREACH', 'ENETUNREACH', 'ECONNABORTED'])(
  'A server that is away is tried again, whether or not the network says so: %s',
  async (code) => {
    const attempts = [Promise.reject(Object.assign(new Error('away'), { code })), Promise.resolve('there')]
    expect(await tryPatiently(() => attempts.shift() as Promise<unknown>)).toBe('there')
  },
)

test('What went wrong in a commit is never taken for a refusal: it may have happened', async () => {
  const commit = () =>
    tryPatiently(
      () => Promise.reject(new Error('A line that broke in a new way')),
      () => false,
    )
  await expect(commit()).rejects.toBeInstanceOf(StorageError)
})
