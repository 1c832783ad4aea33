import DataLoader from 'dataloader'
import type { Database } from '../database/database.ts'
import type { User } from '../generated/prisma/client.ts'

/**
 * What conversations lead to, asked for in one go by all of a list. Prisma's own way would load every member of
 * every group for it. Nothing is kept: a subscription lives long, and must see each time how things stand.
 */
export interface ConversationLoaders {
  /** The other side of a direct conversation. */
  peer(conversationId: string, viewerId: string): Promise<User>
  owner(groupId: string): Promise<User>
  memberCount(conversationId: string): Promise<number>
}

export function createConversationLoaders({ read }: Database): ConversationLoaders {
  const sides = uncached(async (conversationIds) => {
    const members = await read.member.findMany({
      where: { conversationId: { in: conversationIds } },
      include: { user: true },
    })
    return Map.groupBy(members, ({ conversationId }) => conversationId)
  })
  const owners = uncached(async (groupIds) => {
    const members = await read.member.findMany({
      where: { conversationId: { in: groupIds }, role: 'OWNER' },
      include: { user: true },
    })
    return new Map(members.map(({ conversationId, user }) => [conversationId, user]))
  })
  const counts = uncached(async (conversationIds) => {
    const groups = await read.member.groupBy({
      by: ['conversationId'],
      where: { conversationId: { in: conversationIds } },
      _count: true,
    })
    return new Map(groups.map(({ conversationId, _count }) => [conversationId, _count]))
  })

  return {
    async peer(conversationId, viewerId) {
      const members = await sides.load(conversationId)
      const peer = members?.find(({ userId }) => userId !== viewerId)
      if (!peer) throw new Error(`The direct conversation ${conversationId} has one side only`)
      return peer.user
    },
    async owner(groupId) {
      const owner = await owners.load(groupId)
      if (!owner) throw new Error(`The group ${groupId} has no owner`)
      return owner
    },
    memberCount: async (conversationId) => (await counts.load(conversationId)) ?? 0,
  }
}

function uncached<Value>(load: (ids: string[]) => Promise<Map<string, Value>>) {
  return new DataLoader<string, Value | undefined>(
    async (ids) => {
      const found = await load([...new Set(ids)])
      return ids.map((id) => found.get(id))
    },
    { cache: false, maxBatchSize: 500 },
  )
}
