import { inSteps } from '../database/steps.ts'
import { type Member, Prisma } from '../generated/prisma/client.ts'
import type { LogTransaction, SystemMessage } from '../log/log-transaction.ts'
import { unindexConversations } from '../log/message-index.ts'
import { inList, inPairs } from '../log/message-sql.ts'

/**
 * Ends a membership and says so in the group. The group must have an owner afterwards: see to that first.
 * @param content reads after his name
 */
export async function depart(log: LogTransaction, member: Member, content: string): Promise<void> {
  const { conversationId, userId } = member
  await log.tx.member.delete({ where: { conversationId_userId: { conversationId, userId } } })
  await log.appendSystemMessages([departure(member, content)])
}

/** Hands a group on, and says so in it. */
export async function makeOwner(log: LogTransaction, member: Member): Promise<void> {
  await promote(log, [member])
  await log.appendSystemMessages([promotion(member)])
}

/** Deletes groups with all that was written in them. */
export async function dissolve(log: LogTransaction, groupIds: string[]): Promise<void> {
  await log.ended(groupIds)
  await unindexConversations(log.sql, groupIds)
  await log.tx.conversation.deleteMany({ where: { id: { in: groupIds } } })
}

/**
 * Takes a user out of all his groups. One that he owned passes to its longest-standing admin, else to its
 * longest-standing member, and is deleted where nobody is left.
 */
export async function leaveAllGroups(log: LogTransaction, userId: string): Promise<void> {
  const memberships = await log.tx.member.findMany({ where: { userId, conversation: { kind: 'GROUP' } } })
  for (const some of inSteps(memberships)) await leaveGroups(log, userId, some)
}

async function leaveGroups(log: LogTransaction, userId: string, memberships: Member[]): Promise<void> {
  const owned = memberships.filter(({ role }) => role === 'OWNER').map(({ conversationId }) => conversationId)
  const successors = await findSuccessors(log, owned)
  const deserted = new Set(owned.filter((id) => !successors.has(id)))
  for (const id of deserted) log.left(id, userId)
  await dissolve(log, [...deserted])
  const left = memberships.filter(({ conversationId }) => !deserted.has(conversationId))
  await log.tx.member.deleteMany({
    where: { userId, conversationId: { in: left.map((member) => member.conversationId) } },
  })
  await promote(log, [...successors.values()])
  await log.appendSystemMessages(
    left.flatMap((member) => {
      const successor = successors.get(member.conversationId)
      return [departure(member, 'left the group'), ...(successor ? [promotion(successor)] : [])]
    }),
  )
}

async function promote({ sql }: LogTransaction, members: Member[]): Promise<void> {
  if (members.length === 0) return
  const pairs = members.map(({ conversationId, userId }): [string, string] => [conversationId, userId])
  const chosen = inPairs(Prisma.sql`"conversationId"`, Prisma.sql`"userId"`, pairs)
  await sql.run(Prisma.sql`UPDATE "Member" SET "role" = 'OWNER' WHERE ${chosen}`)
}

function departure({ conversationId, userId }: Member, content: string): SystemMessage {
  return { conversationId, senderId: userId, content, tells: 'left' }
}

function promotion({ conversationId, userId }: Member): SystemMessage {
  return { conversationId, senderId: userId, content: 'became the owner' }
}

/** By the group. */
async function findSuccessors({ sql }: LogTransaction, groupIds: string[]): Promise<Map<string, Member>> {
  if (groupIds.length === 0) return new Map()
  const members = await sql.all<Member>(
    Prisma.sql`SELECT * FROM (
        SELECT *, row_number() OVER (
          PARTITION BY "conversationId" ORDER BY CASE "role" WHEN 'ADMIN' THEN 0 ELSE 1 END, "joinedAt", "userId"
        ) AS "rank"
        FROM "Member" WHERE ${inList(Prisma.sql`"conversationId"`, groupIds)} AND "role" <> 'OWNER') AS ranked
      WHERE "rank" = 1`,
  )
  return new Map(members.map((member) => [member.conversationId, member]))
}
