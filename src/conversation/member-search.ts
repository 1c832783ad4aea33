import type { Database } from '../database/database.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { KeyRange } from '../graphql/keyset.ts'
import { cleanText, foldText } from '../text.ts'

const LONGEST_SEARCH = 100 // characters

/**
 * The ids of a conversation's members whose username, or a word of whose display name, begins with the search.
 * Reads each of its members: what asks for it counts as a search.
 * @throws ChatError BAD_USER_INPUT on a search that is no text
 */
export async function findMembers(
  { readSql }: Database,
  conversationId: string,
  search: string,
  { after, before, limit, inverted }: KeyRange,
): Promise<string[]> {
  const text = foldText(cleanText(search, 'search', { max: LONGEST_SEARCH }))
  const beginning = `${text.replaceAll(/[\\%_]/g, '\\$&')}%`
  const conditions = [
    Prisma.sql`m."conversationId" = ${conversationId}`,
    Prisma.sql`(u."usernameKey" LIKE ${beginning} ESCAPE '\\' OR ' ' || u."nameKey" LIKE ${`% ${beginning}`} ESCAPE '\\')`,
  ]
  const place = Prisma.sql`(m."joinedAt", m."userId")`
  if (after) conditions.push(Prisma.sql`${place} > (${new Date(Number(after[0]))}, ${after[1]})`)
  if (before) conditions.push(Prisma.sql`${place} < (${new Date(Number(before[0]))}, ${before[1]})`)
  const direction = inverted ? Prisma.sql`DESC` : Prisma.sql`ASC`
  const rows = await readSql.all<{ userId: string }>(Prisma.sql`
    SELECT m."userId" FROM "Member" m JOIN "User" u ON u."id" = m."userId" WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY m."joinedAt" ${direction}, m."userId" ${direction} LIMIT ${limit}`)
  return rows.map(({ userId }) => userId)
}
