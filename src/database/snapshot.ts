import { StartError } from '../errors.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { sqlitePath } from './database.ts'
import { migrationNames, postgresMigrations, sqliteMigrations } from './migrations.ts'
import type { SqlConnection } from './sql-connection.ts'
import { openSqliteSnapshot } from './sqlite-snapshot.ts'

/** A database as it is at one moment, however long it is looked at. */
export interface Snapshot {
  readonly sql: SqlConnection
  /** Whether a server runs on it, and may have written more meanwhile. */
  readonly isServed: boolean
  close(): Promise<void>
}

/**
 * Looks at a database without changing anything, beside servers that run on it or without any.
 * @throws StartError where there is none, or it isn't of this code's schema
 */
export async function openSnapshot(url: string): Promise<Snapshot> {
  const snapshot = await connect(url)
  try {
    await requireThisSchema(snapshot.sql)
    return snapshot
  } catch (error) {
    await snapshot.close()
    throw error
  }
}

async function connect(url: string): Promise<Snapshot> {
  if (url.startsWith('file:')) return openSqliteSnapshot(sqlitePath(url))
  const { openPostgresSnapshot } = await import('./postgres-snapshot.ts')
  return openPostgresSnapshot(url)
}

async function requireThisSchema(sql: SqlConnection) {
  const applied = await sql
    .all<{ name: string }>(
      Prisma.sql`SELECT migration_name AS "name" FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
    )
    .catch(() => [])
  const known = await migrationNames(sql.provider === 'sqlite' ? sqliteMigrations : postgresMigrations)
  if (applied.length === known.length && applied.every(({ name }) => known.includes(name))) return
  throw new StartError('The database is not of this version of ChatServer: start this one on it, or use the other one.')
}
