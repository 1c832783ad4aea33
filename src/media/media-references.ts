import { forShare, type SqlConnection, valuesAtLeastOnce } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'

/** A message, a user or a group, with the URL that it shows. */
export interface MediaHolder {
  id: string
  url: string | null | undefined
}

/** The upload that a URL is of, as far as its path tells: the server may have had several names. */
function mediaIdOf(url: string | null | undefined): string | null {
  return (url && /\/media\/([0-9a-f]{32})\.\w+(?:[?#]|$)/.exec(url)?.[1]) || null
}

/** Notes who refers to uploads, within the transaction that makes it so. Nobody need be taken off: see `findReferred`. */
export async function noteReferences(sql: SqlConnection, holders: readonly MediaHolder[]): Promise<void> {
  const pairs = holders.flatMap(({ id, url }): [string, string][] => {
    const mediaId = mediaIdOf(url)
    return mediaId ? [[mediaId, id]] : []
  })
  if (pairs.length === 0) return
  await sql.run(
    Prisma.sql`INSERT INTO "MediaReference" ("mediaId", "holderId")
      SELECT m."id", v.column2 FROM (${valuesAtLeastOnce(pairs)}) AS v JOIN "Media" m ON m."id" = v.column1
      WHERE m."removedAt" IS NULL ${forShare(sql, 'm')} ON CONFLICT DO NOTHING`,
  )
}

/** Has the next sweep look whether anything still refers to an upload that somebody no longer does. */
export async function checkSoon(sql: SqlConnection, url: string | null): Promise<void> {
  const id = mediaIdOf(url)
  if (id) await sql.run(Prisma.sql`UPDATE "Media" SET "checkAt" = ${new Date()} WHERE "id" = ${id}`)
}

/** Which of these uploads a message shows, a user or a group: each look-up is by a primary key. */
export async function findReferred(sql: SqlConnection, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await sql.all<{ id: string }>(
    Prisma.sql`SELECT m."id" FROM "Media" m
      WHERE m."id" IN (${valuesAtLeastOnce(ids.map((id) => [id]))}) AND m."removedAt" IS NULL
        AND (${isShownBy('Message', 'mediaUrl')} OR ${isShownBy('User', 'avatarUrl')}
          OR ${isShownBy('Conversation', 'avatarUrl')})`,
  )
  return rows.map(({ id }) => id)
}

function isShownBy(table: Prisma.ModelName, column: 'mediaUrl' | 'avatarUrl'): Prisma.Sql {
  const [holder, url] = [Prisma.raw(`"${table}"`), Prisma.raw(`"${column}"`)]
  return Prisma.sql`EXISTS (SELECT 1 FROM "MediaReference" r JOIN ${holder} h ON h."id" = r."holderId"
    WHERE r."mediaId" = m."id" AND h.${url} LIKE '%/' || m."id" || '.%')`
}
