import type { Database } from '../database/database.ts'
import { type Conversation, Prisma } from '../generated/prisma/client.ts'
import type { KeyRange, ListOrder } from '../graphql/keyset.ts'
import { cleanText } from '../text.ts'

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
  /** What the name must hold, in any case. */
  search: string
}

/** The ids of the groups that a user is in, or could join. @throws ChatError BAD_USER_INPUT on a search that is no text */
export async function findGroups({ read }: Database, { userId, discover, search }: GroupSearch, range: KeyRange) {
  const { after, before, limit, inverted } = range
  const mine = Prisma.sql`"id" IN (SELECT "conversationId" FROM "Member" WHERE "userId" = ${userId})`
  const conditions = [Prisma.sql`"kind" = 'GROUP'`, discover ? Prisma.sql`("visibility" = 'PUBLIC' OR ${mine})` : mine]
  if (after) conditions.push(Prisma.sql`"id" > ${after[0]}`)
  if (before) conditions.push(Prisma.sql`"id" < ${before[0]}`)
  if (search) {
    // Prisma's own `contains` takes a % or _ of the search for any text.
    const pattern = `%${cleanText(search, 'search', { max: LONGEST_SEARCH }).replaceAll(/[\\%_]/g, '\\$&')}%`
    conditions.push(Prisma.sql`lower("name") LIKE lower(${pattern}) ESCAPE '\\'`)
  }
  const order = inverted ? Prisma.sql`DESC` : Prisma.sql`ASC`
  const rows = await read.$queryRaw<{ id: string }[]>`SELECT "id" FROM "Conversation"
    WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY "id" ${order} LIMIT ${limit}`
  return rows.map(({ id }) => id)
}
