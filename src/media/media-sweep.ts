import type { Database } from '../database/database.ts'
import { type SqlConnection, valuesAtLeastOnce } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { MediaFiles } from './media-files.ts'
import { findReferred } from './media-references.ts'

/** ms that an upload may stay without anything that refers to it, and after which it is looked at again. */
export const CHECK_INTERVAL = 86_400_000

const STEP = 100 // uploads looked at in one transaction, so that no message waits for long

/**
 * Deletes the uploads that are due and that nothing refers to. First they can't be referred to any more, then their
 * files go, then their rows: wherever that is cut short, a later sweep ends it, and no file is left without a row.
 * @param signal ends it after the step under way
 * @returns how many it deleted
 */
export async function sweepMedia(
  database: Database,
  files: MediaFiles,
  now: Date,
  signal: AbortSignal,
): Promise<number> {
  let swept = 0
  while (!signal.aborted) {
    const due = await database.readSql.all<{ id: string }>(
      Prisma.sql`SELECT "id" FROM "Media" WHERE "checkAt" <= ${now} ORDER BY "checkAt" LIMIT ${STEP}`,
    )
    if (due.length === 0) break
    const ids = due.map(({ id }) => id)
    const unused = await database.writeSql((sql) => condemn(sql, ids, now))
    for (const id of unused) await files.remove(id)
    if (unused.length > 0) {
      await database.writeSql((sql) => sql.run(Prisma.sql`DELETE FROM "Media" WHERE ${isOneOf(unused)}`))
    }
    swept += unused.length
  }
  return swept
}

/** Marks those that nothing refers to as removed. All are looked at again in a day. */
async function condemn(sql: SqlConnection, ids: string[], now: Date): Promise<string[]> {
  const next = new Date(now.getTime() + CHECK_INTERVAL)
  // First, as it keeps others from referring to them meanwhile.
  await sql.run(Prisma.sql`UPDATE "Media" SET "checkAt" = ${next} WHERE ${isOneOf(ids)}`)
  const referred = new Set(await findReferred(sql, ids))
  const unused = ids.filter((id) => !referred.has(id))
  if (unused.length > 0) {
    await sql.run(Prisma.sql`UPDATE "Media" SET "removedAt" = ${now} WHERE ${isOneOf(unused)}`)
  }
  return unused
}

function isOneOf(ids: readonly string[]): Prisma.Sql {
  return Prisma.sql`"id" IN (${valuesAtLeastOnce(ids.map((id) => [id]))})`
}
