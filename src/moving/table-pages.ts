import type { SqlConnection } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { PlainRow, Table } from './tables.ts'

const PAGE = 500 // rows, which one statement of any database can take again

/** All rows of a table, a page at a time, by its primary key. */
export async function* tablePages(
  sql: SqlConnection,
  { name, columns, key, toPlain }: Table,
): AsyncGenerator<PlainRow[]> {
  const from = Prisma.raw(`SELECT ${columns.map(quote)} FROM ${quote(name)}`)
  const order = Prisma.raw(`ORDER BY ${key.map(quote)} LIMIT ${PAGE}`)
  const keys = Prisma.raw(`(${key.map(quote)})`)
  let after = Prisma.empty
  for (;;) {
    const rows = await sql.all<Record<string, unknown>>(Prisma.sql`${from} ${after} ${order}`)
    const last = rows.at(-1)
    if (!last) return
    yield rows.map(toPlain)
    if (rows.length < PAGE) return
    const place = Prisma.join(key.map((column) => last[column]))
    after = Prisma.sql`WHERE ${keys} > (${place})`
  }
}

/** How many rows a table has. */
export async function countRows(sql: SqlConnection, { name }: Table): Promise<number> {
  const [row] = await sql.all<{ count: bigint | number }>(
    Prisma.sql`SELECT count(*) AS "count" FROM ${Prisma.raw(quote(name))}`,
  )
  return Number(row?.count ?? 0)
}

function quote(name: string): string {
  return `"${name}"`
}
