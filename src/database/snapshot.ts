import { existsSync } from 'node:fs'
import { StartError } from '../errors.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { migrationNames } from './migrations.ts'
import type { SqlConnection } from './sql-connection.ts'
import { tryToLock } from './sqlite.ts'
import { connectSqlite } from './sqlite-connection.ts'

const PATIENCE = 10_000 // ms that a read waits for another process' lock

/** A database as it is at one moment, however long it is looked at. */
export interface Snapshot {
  readonly sql: SqlConnection
  /** Whether a server runs on it, and may have written more meanwhile. */
  readonly isServed: boolean
  close(): Promise<void>
}

/**
 * Looks at a database without changing anything, beside a server that runs on it or without one.
 * @throws StartError where there is none, or it isn't of this code's schema
 */
export async function openSnapshot(url: string): Promise<Snapshot> {
  const snapshot = await openSqliteSnapshot(url.replace(/^file:/, ''))
  try {
    await requireThisSchema(snapshot.sql)
    return snapshot
  } catch (error) {
    await snapshot.close()
    throw error
  }
}

async function openSqliteSnapshot(path: string): Promise<Snapshot> {
  if (!existsSync(path)) throw new StartError(`There is no database ${path}: set DATABASE_URL.`)
  // Where it can be had, it keeps a server from starting meanwhile.
  const lock = tryToLock(path)
  const sql = connectSqlite(path, PATIENCE, ['query_only = ON'])
  // Its state is that of the first read.
  await sql.run(Prisma.sql`BEGIN`)
  return {
    sql,
    isServed: lock === null,
    async close() {
      sql.close()
      lock?.close()
    },
  }
}

async function requireThisSchema(sql: SqlConnection) {
  const applied = await sql.all<{ name: string }>(
    Prisma.sql`SELECT migration_name AS "name" FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  )
  const known = await migrationNames()
  if (applied.length === known.length && applied.every(({ name }) => known.includes(name))) return
  throw new StartError('The database is of another version of ChatServer: start this one on it, or use that one.')
}
