import type { Database } from '../database/database.ts'
import { type Conversation, Prisma } from '../generated/prisma/client.ts'
import type { KeyRange, ListOrder } from '../graphql/keyset.ts'
import { cleanText, foldText } from '../text.ts'

const LONGEST_SEARCH = 100 // characters

/** Groups in the order of their making, which their ids have. */
export const groupOrder: ListOrder<Conversation> = {
  keyOf: ({ id }) => `group:${id}`,
  pattern: /^group:([\w-]{1,64})$/,
}

export interface GroupSearch {
  userId: string
  /** Whether to find public groups that he isn't in as well. */
  discover: boolean
  /** What the name must hold, whatever its case and accents. */
  search: string
}

/** The ids of the groups that a user is in, or could join. @throws ChatError BAD_USER_INPUT on a search that is no text */
export async function findGroups({ readSql }: Database, { userId, discover, search }: GroupSearch, range: KeyRange) {
  const { after, before, limit, inverted } = range
  const mine = Prisma.sql`"id" IN (SELECT "conversationId" FROM "Member" WHERE "userId" = ${userId})`
  const conditions = [Prisma.sql`"kind" = 'GROUP'`, discover ? Prisma.sql`("visibility" = 'PUBLIC' OR ${mine})` : mine]
  if (after) conditions.push(Prisma.sql`"id" > ${after[0]}`)
  if (before) conditions.push(Prisma.sql`"id" < ${before[0]}`)
  if (search) {
    const text = foldText(cleanText(search, 'search', { max: LONGEST_SEARCH }))
    const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
    conditions.push(Prisma.sql`"nameKey" LIKE ${pattern} ESCAPE '\\'`)
  }
  const order = inverted ? Prisma.sql`DESC` : Prisma.sql`ASC`
  const rows = await readSql.all<{ id: string }>(Prisma.sql`SELECT "id" FROM "Conversation"
    WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY "id" ${order} LIMIT ${limit}`)
  return rows.map(({ id }) => id)
}
