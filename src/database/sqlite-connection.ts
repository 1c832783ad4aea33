import SqliteConnection from 'better-sqlite3'
import { LRUCache } from 'lru-cache'
import type { Prisma } from '../generated/prisma/client.ts'
import type { SqlConnection } from './sql-connection.ts'

const CACHED_STATEMENTS = 300

/** A connection of its own to an SQLite file. */
export interface SqliteFileConnection extends SqlConnection {
  /** Commits what the work did when it resolves; leaves nothing of it when it rejects. One at a time. */
  transaction<T>(work: () => Promise<T>): Promise<T>
  close(): void
}

type Decode = (value: never) => unknown

interface Prepared {
  statement: SqliteConnection.Statement<unknown[], Record<string, unknown>>
  decoders: [column: string, decode: Decode][]
}

/** @param timeout ms that a statement waits for another process' lock, holding up this process */
export function connectSqlite(path: string, timeout: number, pragmas: string[]): SqliteFileConnection {
  const connection = new SqliteConnection(path, { timeout })
  for (const pragma of pragmas) connection.pragma(pragma)
  const prepared = new LRUCache<string, Prepared>({ max: CACHED_STATEMENTS })

  function prepare(sql: string): Prepared {
    const known = prepared.get(sql)
    if (known) return known
    const fresh = prepareStatement(connection, sql)
    prepared.set(sql, fresh)
    return fresh
  }

  return {
    provider: 'sqlite',

    async all<Row>(sql: Prisma.Sql) {
      const { statement, decoders } = prepare(textOf(sql))
      const rows = statement.all(sql.values.map(encode))
      for (const [column, decode] of decoders) {
        for (const row of rows) {
          const value = row[column]
          if (value !== null) row[column] = decode(value as never)
        }
      }
      return rows as Row[]
    },

    async run(sql) {
      return prepare(textOf(sql)).statement.run(sql.values.map(encode)).changes
    },

    async insert(table, rows) {
      if (rows.length === 0) return
      const columns = Object.keys(rows[0] ?? {})
      const places = columns.map(() => '?')
      const { statement } = prepare(`INSERT INTO "${table}" (${columns.map((name) => `"${name}"`)}) VALUES (${places})`)
      // One statement of many rows took SQLite longer than this.
      for (const row of rows) statement.run(columns.map((name) => encode(row[name as keyof typeof row])))
    },

    async transaction(work) {
      // At once with the lock that a write needs, so that it isn't refused half-way.
      prepare('BEGIN IMMEDIATE').statement.run()
      try {
        const result = await work()
        prepare('COMMIT').statement.run()
        return result
      } catch (error) {
        // SQLite has rolled back already after some faults of the disk.
        if (connection.inTransaction) prepare('ROLLBACK').statement.run()
        throw error
      }
    },

    close: () => void connection.close(),
  }
}

/**
 * SQLite plans a statement anew for each run whose plan may depend on a parameter's value, which takes longer than most
 * statements do. Behind a plus it doesn't look at the value, which tells it nothing: there are no statistics to hold it against.
 */
function textOf({ strings }: Prisma.Sql): string {
  return strings.join('+?')
}

function prepareStatement(connection: SqliteConnection.Database, sql: string): Prepared {
  const statement = connection.prepare<unknown[], Record<string, unknown>>(sql)
  if (!statement.reader) return { statement, decoders: [] }
  const columns = statement.columns()
  // Only what may exceed a double is read as a bigint, which costs more.
  const wide = columns.some(({ type }) => type === null || type === 'BIGINT')
  statement.safeIntegers(wide)
  const decoders = columns.flatMap(({ name, type }): Prepared['decoders'] => {
    if (type === 'DATETIME') return [[name, (value: string) => new Date(value)]]
    return wide && type === 'INTEGER' ? [[name, Number]] : []
  })
  return { statement, decoders }
}

/** As Prisma's adapter stores it. */
function encode(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().replace('Z', '+00:00')
  return typeof value === 'boolean' ? Number(value) : value
}
