import { existsSync } from 'node:fs'
import { StartError } from '../errors.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { Snapshot } from './snapshot.ts'
import { tryToLock } from './sqlite.ts'
import { connectSqlite } from './sqlite-connection.ts'

const PATIENCE = 10_000 // ms that a read waits for another process' lock

/** @throws StartError where there is no such file */
export async function openSqliteSnapshot(path: string): Promise<Snapshot> {
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
