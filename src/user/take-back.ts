import { inSteps } from '../database/steps.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { LogTransaction } from '../log/log-transaction.ts'
import { inList } from '../log/message-sql.ts'

/**
 * Takes back what a user has left on messages: his reactions, and that they name him, which would tell who a
 * nameless account was. Listeners are told of each of these messages.
 */
export async function takeBackFromMessages(log: LogTransaction, userId: string): Promise<void> {
  const { sql } = log
  const reacted = await sql.all<{ messageId: string }>(
    Prisma.sql`SELECT DISTINCT "messageId" FROM "Reaction" WHERE "userId" = ${userId}`,
  )
  const naming = await sql.all<{ messageId: string }>(
    Prisma.sql`SELECT "messageId" FROM "Mention" WHERE "userId" = ${userId}`,
  )
  await sql.run(Prisma.sql`DELETE FROM "Reaction" WHERE "userId" = ${userId}`)
  await sql.run(Prisma.sql`DELETE FROM "Mention" WHERE "userId" = ${userId}`)
  for (const some of inSteps(reacted)) {
    const ids = some.map(({ messageId }) => messageId)
    await sql.run(
      Prisma.sql`UPDATE "Message" SET "reactionCount" =
          (SELECT count(*) FROM "Reaction" r WHERE r."messageId" = "Message"."id")
        WHERE ${inList(Prisma.sql`"id"`, ids)}`,
    )
  }
  await log.touchMessages([...new Set([...reacted, ...naming].map(({ messageId }) => messageId))])
}
