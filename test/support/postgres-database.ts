import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { TEMPLATE } from './postgres-cluster.ts'
import { sharedPostgres } from './shared-postgres.ts'

/** Emptied, for the next test: to make one and to delete it takes PostgreSQL longer than most tests. */
const free: string[] = []

const tables = [...Object.values(Prisma.ModelName), 'MessageSearch', 'MediaChunk']
const emptying = `TRUNCATE ${tables.map((name) => `"${name}"`)};
  INSERT INTO "Log" ("id", "epoch") VALUES (1, substr(replace(gen_random_uuid()::text, '-', ''), 1, 12))`

/** The URL of an empty database of the running test's own, in the PostgreSQL that all share. */
export async function newPostgresDatabase(): Promise<string> {
  const url = free.pop() ?? (await create())
  onTestFinished(async () => {
    await administer(url, emptying).then(
      () => free.push(url),
      () => {}, // the test has left it in pieces
    )
  })
  return url
}

async function create(): Promise<string> {
  const url = new URL(await sharedPostgres())
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(url.href, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`)
  url.pathname = name
  await administer(url.href, emptying)
  return url.href
}

async function administer(url: string, statements: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(statements)
  } finally {
    await client.end()
  }
}
