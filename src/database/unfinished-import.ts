import { StartError } from '../errors.ts'
import { Prisma, type UnfinishedImport } from '../generated/prisma/client.ts'
import type { Database } from './database.ts'
import type { SqlConnection } from './sql-connection.ts'

/** The import that is under way, or was cut short. */
export async function findUnfinishedImport(sql: SqlConnection): Promise<UnfinishedImport | null> {
  const [unfinished] = await sql.all<UnfinishedImport>(Prisma.sql`SELECT * FROM "UnfinishedImport" WHERE "id" = 1`)
  return unfinished ?? null
}

/**
 * For whoever serves a database: half of one would be taken for all of it. Closes it where it isn't whole.
 * @throws StartError where an import into it hasn't ended
 */
export async function requireWholeDatabase(database: Database): Promise<void> {
  if (!(await findUnfinishedImport(database.readSql))) return
  await database.close()
  throw new StartError('An import into this database has not ended: run it again with the same file, or empty it.')
}
