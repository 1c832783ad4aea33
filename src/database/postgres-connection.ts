import { LRUCache } from 'lru-cache'
import type { QueryConfig, QueryResult } from 'pg'
import pg from 'pg'
import { Prisma } from '../generated/prisma/client.ts'
import type { SqlConnection } from './sql-connection.ts'

const PREPARED_STATEMENTS = 500 // texts, prepared once by each connection

/** Whoever runs statements: a connection, or a pool of them. */
export interface Queryable {
  query<Row extends object>(config: QueryConfig): Promise<QueryResult<Row>>
}

const TYPE_INT8 = 20

/** As Prisma gives them: what may exceed a double is a bigint. */
const types: QueryConfig['types'] = {
  getTypeParser: ((oid: number, format: never) =>
    oid === TYPE_INT8 ? BigInt : pg.types.getTypeParser(oid, format)) as never,
}

let lastName = 0
const names = new LRUCache<string, string>({ max: PREPARED_STATEMENTS })

/** A short name for a statement's text, so that each connection parses and plans it but once. */
function nameOf(text: string): string {
  const known = names.get(text)
  if (known) return known
  const name = `s${++lastName}`
  names.set(text, name)
  return name
}

export function connectPostgres(connection: Queryable): SqlConnection {
  return {
    provider: 'postgresql',
    async all<Row>(statement: Prisma.Sql) {
      return (await execute(connection, withTypes(statement))).rows as Row[]
    },
    async run(statement) {
      return (await execute(connection, withTypes(statement))).rowCount ?? 0
    },
    async insert(table, rows) {
      if (rows.length > 0) await execute(connection, insertion(table, rows))
    },
  }
}

function execute(connection: Queryable, { text, values }: Prisma.Sql) {
  return connection.query<Record<string, unknown>>({ name: nameOf(text), text, values, types })
}

/** SQL within a transaction of Prisma's. */
export function withinPrismaPostgres(tx: Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>): SqlConnection {
  return {
    provider: 'postgresql',
    all: <Row>(statement: Prisma.Sql) => tx.$queryRaw<Row[]>(withTypes(statement)),
    run: (statement) => tx.$executeRaw(withTypes(statement)),
    async insert(table, rows) {
      if (rows.length > 0) await tx.$executeRaw(insertion(table, rows))
    },
  }
}

/**
 * Says of which type values are: a row of `VALUES` would be text, and the column that it is compared with something
 * else.
 */
function withTypes({ strings, values }: Prisma.Sql): Prisma.Sql {
  const typed = strings.map((string, index) => (index === 0 ? string : typeOf(values[index - 1]) + string))
  return new Prisma.Sql(typed, values)
}

function typeOf(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return value === (value | 0) ? '::int4' : '::int8'
    case 'bigint':
      return '::int8'
    case 'boolean':
      return '::bool'
    default:
      return value instanceof Date ? '::timestamptz' : ''
  }
}

/** One text for any number of rows. */
function insertion(table: Prisma.ModelName, rows: readonly object[]): Prisma.Sql {
  const columns = Object.keys(rows[0] ?? {}).map((column) => `"${column}"`)
  const json = JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? String(value) : value))
  return Prisma.sql`INSERT INTO ${Prisma.raw(`"${table}" (${columns})`)}
    SELECT ${Prisma.raw(String(columns))} FROM json_populate_recordset(NULL::${Prisma.raw(`"${table}"`)}, ${json}::json)`
}
