import pg from 'pg'
import { StartError } from '../errors.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { connectPostgres } from './postgres-connection.ts'
import { APPLICATION, CONNECT_TIMEOUT, nameConnection } from './postgres-pool.ts'
import type { Snapshot } from './snapshot.ts'

/** @throws StartError where there is no connection */
export async function openPostgresSnapshot(url: string): Promise<Snapshot> {
  const client = new pg.Client({
    connectionString: nameConnection(url, `${APPLICATION}-snapshot`, '-c timezone=UTC'),
    connectionTimeoutMillis: CONNECT_TIMEOUT,
  })
  // One that breaks in between fails the next statement as well.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    throw new StartError(`Can't open the database (${(error as Error).message}): mend it, or set another DATABASE_URL.`)
  }
  const sql = connectPostgres(client)
  const [row] = await sql.all<{ isServed: boolean }>(Prisma.sql`
    SELECT EXISTS (SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = ${APPLICATION}) AS "isServed"`)
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  return { sql, isServed: row?.isServed ?? true, close: () => client.end() }
}
