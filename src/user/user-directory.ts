import type { Database } from '../database/database.ts'
import { Prisma, type User } from '../generated/prisma/client.ts'
import type { KeyRange, ListOrder } from '../graphql/keyset.ts'
import { cleanText, foldText } from '../text.ts'

const LONGEST_SEARCH = 100 // characters

/** By username, whatever its case. */
export const usernameOrder: ListOrder<User> = {
  keyOf: ({ usernameKey }) => `user:${usernameKey}`,
  pattern: /^user:([a-z0-9_.-]{1,64})$/,
}

/**
 * Those whose username or display name holds the search; no deleted accounts.
 * @throws ChatError BAD_USER_INPUT on a search that is no text
 */
export async function listUsers({ readSql }: Database, search: string, { after, before, limit, inverted }: KeyRange) {
  const text = foldText(cleanText(search, 'search', { max: LONGEST_SEARCH }))
  // The _ of a username is no other character.
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
  const conditions = [
    Prisma.sql`"deletedAt" IS NULL`,
    Prisma.sql`("usernameKey" LIKE ${pattern} ESCAPE '\\' OR "nameKey" LIKE ${pattern} ESCAPE '\\')`,
  ]
  if (after) conditions.push(Prisma.sql`"usernameKey" > ${after[0]}`)
  if (before) conditions.push(Prisma.sql`"usernameKey" < ${before[0]}`)
  const order = inverted ? Prisma.sql`DESC` : Prisma.sql`ASC`
  return readSql.all<User>(Prisma.sql`SELECT * FROM "User" WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY "usernameKey" ${order} LIMIT ${limit}`)
}
