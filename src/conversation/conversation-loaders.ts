import type { Database } from '../database/database.ts'
import { createUncachedLoader } from '../database/uncached-loader.ts'
import { type Member, Prisma, type User } from '../generated/prisma/client.ts'
import { inList, inPairs } from '../log/message-sql.ts'

/**
 * What conversations lead to, asked for in one go by all of a list. Prisma's own way would load every member of
 * every group for it. Nothing is kept: a subscription lives long, and must see each time how things stand.
 */
export interface ConversationLoaders {
  member(conversationId: string, userId: string): Promise<Member | null>
  /** The other side of a direct conversation. */
  peer(conversationId: string, viewerId: string): Promise<User>
  owner(groupId: string): Promise<User>
  memberCount(conversationId: string): Promise<number>
}

export function createConversationLoaders({ readSql }: Database): ConversationLoaders {
  const members = createUncachedLoader<MemberKey, Member | null>(async (keys) => {
    const rows = await readSql.all<Member>(Prisma.sql`SELECT m.* FROM "Member" m WHERE
        ${inPairs(
          Prisma.sql`m."conversationId"`,
          Prisma.sql`m."userId"`,
          keys.map(({ conversationId, userId }) => [conversationId, userId]),
        )}`)
    const found = new Map(rows.map((member) => [memberKey(member), member]))
    return keys.map((key) => found.get(memberKey(key)) ?? null)
  })
  const sides = byId(async (conversationIds) => {
    const users = await queryUsers(Prisma.sql`WHERE ${inList(Prisma.sql`m."conversationId"`, conversationIds)}`)
    return Map.groupBy(users, ({ conversationId }) => conversationId)
  })
  const owners = byId(async (groupIds) => {
    const owning = Prisma.sql`WHERE ${inList(Prisma.sql`m."conversationId"`, groupIds)} AND m."role" = 'OWNER'`
    return new Map((await queryUsers(owning)).map((user) => [user.conversationId, user]))
  })
  const counts = byId(async (conversationIds) => {
    const groups = await readSql.all<{ conversationId: string; members: bigint }>(Prisma.sql`
      SELECT m."conversationId", count(*) AS "members" FROM "Member" m
      WHERE ${inList(Prisma.sql`m."conversationId"`, conversationIds)} GROUP BY m."conversationId"`)
    return new Map(groups.map(({ conversationId, members }) => [conversationId, Number(members)]))
  })

  function queryUsers(where: Prisma.Sql) {
    return readSql.all<User & { conversationId: string }>(Prisma.sql`
      SELECT u.*, m."conversationId" FROM "Member" m JOIN "User" u ON u."id" = m."userId" ${where}`)
  }

  return {
    member: (conversationId, userId) => members.load({ conversationId, userId }),
    async peer(conversationId, viewerId) {
      const users = await sides.load(conversationId)
      const peer = users?.find(({ id }) => id !== viewerId)
      if (!peer) throw new Error(`The direct conversation ${conversationId} has one side only`)
      return peer
    },
    async owner(groupId) {
      const owner = await owners.load(groupId)
      if (!owner) throw new Error(`The group ${groupId} has no owner`)
      return owner
    },
    memberCount: async (conversationId) => (await counts.load(conversationId)) ?? 0,
  }
}

interface MemberKey {
  conversationId: string
  userId: string
}

function memberKey({ conversationId, userId }: MemberKey): string {
  return `${conversationId} ${userId}`
}

function byId<Value>(load: (ids: string[]) => Promise<Map<string, Value>>) {
  return createUncachedLoader<string, Value | undefined>(async (ids) => {
    const found = await load([...new Set(ids)])
    return ids.map((id) => found.get(id))
  })
}
