import { Prisma } from '../generated/prisma/client.ts'

/** In larger groups it isn't kept what has reached whom, nor told who has read: all would be told of all. */
const MOST_MARKED = 100 // members

/** Whether delivered marks are kept in a conversation. Looks at no more members than that takes. */
export function isMarked(conversationId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(SELECT count(*) FROM (
    SELECT 1 FROM "Member" counted WHERE counted."conversationId" = ${conversationId} LIMIT ${MOST_MARKED + 1}
  ) AS few) <= ${MOST_MARKED}`
}
