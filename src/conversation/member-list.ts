import type { Member, Prisma } from '../generated/prisma/client.ts'
import type { KeyRange, ListOrder } from '../graphql/keyset.ts'

/** A conversation's members, the longest-standing first. */
export const memberOrder: ListOrder<Member> = {
  keyOf: ({ joinedAt, userId }) => `member:${joinedAt.getTime()}:${userId}`,
  pattern: /^member:(\d{1,15}):([\w-]{1,64})$/,
}

/** @param userIds whom alone, where given */
export function membersBetween(
  conversationId: string,
  { after, before, limit, inverted }: KeyRange,
  userIds?: readonly string[],
) {
  const direction = inverted ? 'desc' : 'asc'
  const among = userIds ? { userId: { in: [...userIds] } } : {}
  return {
    where: { conversationId, AND: [among, beyond('gt', after), beyond('lt', before)] },
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
