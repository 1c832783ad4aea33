import type { Database } from '../database/database.ts'
import { type Conversation, type Member, Prisma } from '../generated/prisma/client.ts'
import type { KeyRange, ListOrder } from '../graphql/keyset.ts'

/** A conversation's members, the longest-standing first. */
export const memberOrder: ListOrder<Member> = {
  keyOf: ({ joinedAt, userId }) => `member:${joinedAt.getTime()}:${userId}`,
  pattern: /^member:(\d{1,15}):([\w-]{1,64})$/,
}

export function membersBetween(conversationId: string, { after, before, limit, inverted }: KeyRange) {
  const direction = inverted ? 'desc' : 'asc'
  return {
    where: { conversationId, AND: [beyond('gt', after), beyond('lt', before)] },
    orderBy: [{ joinedAt: direction }, { userId: direction }],
    take: limit,
  } satisfies Prisma.MemberFindManyArgs
}

function beyond(comparison: 'gt' | 'lt', key: string[] | null): Prisma.MemberWhereInput {
  if (!key) return {}
  const [time, userId] = key
  const joinedAt = new Date(Number(time))
  return { OR: [{ joinedAt: { [comparison]: joinedAt } }, { joinedAt, userId: { [comparison]: userId } }] }
}

/** A user's conversations, the latest activity first. */
export const activityOrder: ListOrder<Conversation> = {
  keyOf: ({ activity }) => `activity:${activity}`,
  pattern: /^activity:(\d{1,18})$/,
}

/** The ids of the conversations of a user in a stretch of that order. */
export async function findConversations({ read }: Database, userId: string, range: KeyRange): Promise<string[]> {
  const { after, before, limit, inverted } = range
  const conditions = [Prisma.sql`m."userId" = ${userId}`]
  if (after) conditions.push(Prisma.sql`c."activity" < ${toPosition(after)}`)
  if (before) conditions.push(Prisma.sql`c."activity" > ${toPosition(before)}`)
  // Prisma would go through all conversations that there are, asking of each whether he is in it.
  const rows = await read.$queryRaw<{ id: string }[]>`
    SELECT c."id" FROM "Member" m JOIN "Conversation" c ON c."id" = m."conversationId"
    WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY c."activity" ${inverted ? Prisma.sql`ASC` : Prisma.sql`DESC`} LIMIT ${limit}`
  return rows.map(({ id }) => id)
}

function toPosition([position]: string[]): bigint {
  return BigInt(position ?? 0)
}
