import { forUpdate, type SqlConnection } from '../database/sql-connection.ts'
import { ChatError } from '../errors.ts'
import { type Media, Prisma } from '../generated/prisma/client.ts'
import { describeSize } from './byte-size.ts'

type Wanted = Pick<Media, 'userId' | 'size'>

/** As `requireRoom`, within the transaction that adds the upload, against others of this user at the same moment. */
export async function takeRoom(sql: SqlConnection, wanted: Wanted, limit: number): Promise<void> {
  if (limit === Infinity) return
  await sql.all(Prisma.sql`SELECT u."id" FROM "User" u WHERE u."id" = ${wanted.userId} ${forUpdate(sql, 'u', ['id'])}`)
  await requireRoom(sql, wanted, limit)
}

/**
 * Refuses an upload that its user has no room for.
 * @param limit bytes
 * @throws ChatError REQUEST_ENTITY_TOO_LARGE
 */
export async function requireRoom(sql: SqlConnection, { userId, size }: Wanted, limit: number): Promise<void> {
  if (limit === Infinity) return
  const [kept] = await sql.all<{ size: bigint | number }>(
    Prisma.sql`SELECT COALESCE(SUM("size"), 0) AS "size" FROM "Media" WHERE "userId" = ${userId} AND "removedAt" IS NULL`,
  )
  const used = Number(kept?.size ?? 0)
  if (used + size <= limit) return
  const advice = 'Delete messages with uploads: what nothing shows is gone within an hour'
  throw new ChatError(
    'REQUEST_ENTITY_TOO_LARGE',
    `One user may keep ${describeSize(limit)} of uploads, and ${describeSize(used)} are. ${advice}.`,
  )
}
