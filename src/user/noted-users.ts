import type { SqlConnection } from '../database/sql-connection.ts'
import { Prisma, type User } from '../generated/prisma/client.ts'
import type { KeyRange, ListOrder } from '../graphql/keyset.ts'

/** A user whom somebody has blocked or banned, and when. */
export interface NotedUser extends User {
  notedAt: Date
}

/** The longest noted first. */
export const notedOrder: ListOrder<NotedUser> = {
  keyOf: ({ notedAt, id }) => `noted:${notedAt.getTime()}:${id}`,
  pattern: /^noted:(\d{1,15}):([\w-]{1,64})$/,
}

/**
 * Users in a stretch of `notedOrder`.
 * @param table where they are noted, with a `userId` and a `createdAt`
 * @param whose the condition on its row `n`
 */
export function listNoted(sql: SqlConnection, table: 'Block' | 'Ban', whose: Prisma.Sql, range: KeyRange) {
  const { after, before, limit, inverted } = range
  const conditions = [whose]
  if (after) conditions.push(Prisma.sql`(n."createdAt", n."userId") > ${toKey(after)}`)
  if (before) conditions.push(Prisma.sql`(n."createdAt", n."userId") < ${toKey(before)}`)
  const order = inverted ? Prisma.sql`DESC` : Prisma.sql`ASC`
  return sql.all<NotedUser>(Prisma.sql`
    SELECT u.*, n."createdAt" AS "notedAt" FROM ${Prisma.raw(`"${table}"`)} n JOIN "User" u ON u."id" = n."userId"
    WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY n."createdAt" ${order}, n."userId" ${order} LIMIT ${limit}`)
}

function toKey([time, userId]: string[]): Prisma.Sql {
  return Prisma.sql`(${new Date(Number(time))}, ${userId})`
}
