import { randomBytes } from 'node:crypto'
import type { Database } from '../database/database.ts'
import { Prisma } from '../generated/prisma/client.ts'

/**
 * Names the log of a backup that has been restored, which has none: each restored one goes its own way, so that a
 * cursor of another would have silent holes here. To be called before anybody asks for the name.
 */
export async function nameRestoredLog({ readSql, writeSql }: Database): Promise<void> {
  const [nameless] = await readSql.all(Prisma.sql`SELECT "id" FROM "Log" WHERE "epoch" = ''`)
  if (!nameless) return
  const epoch = randomBytes(6).toString('hex')
  // Of several nodes, the first one names it.
  await writeSql((sql) => sql.run(Prisma.sql`UPDATE "Log" SET "epoch" = ${epoch} WHERE "epoch" = ''`))
}
