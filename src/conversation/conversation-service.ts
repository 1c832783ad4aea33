import type { Viewer } from '../auth/viewer.ts'
import type { Database, Transaction } from '../database/database.ts'
import { forbidden, notFound } from '../errors.ts'
import type { Conversation, Member } from '../generated/prisma/client.ts'
import type { KeyRange } from '../graphql/keyset.ts'
import { type ConversationLoaders, createConversationLoaders } from './conversation-loaders.ts'
import { createConversationReader, type Reading } from './conversation-reader.ts'

export interface Membership {
  conversation: Conversation
  member: Member
}

/** The rules that direct conversations and groups share. */
export interface ConversationService extends ConversationLoaders {
  /** The conversation, whether or not he may read it. */
  find(viewer: Viewer, id: string): Promise<Conversation | null>
  /** One that he is in, or a public one. @throws ChatError NOT_FOUND */
  requireKnownGroup(viewer: Viewer, id: string): Promise<Conversation>
  /** His own ones, in a stretch of `activityOrder`. */
  list(viewer: Viewer, range: KeyRange): Promise<Conversation[]>
  /** His membership, or null. What is asked for in one tick is one query. */
  findMember(viewer: Viewer, conversationId: string): Promise<Member | null>
  /** @throws ChatError NOT_FOUND where he isn't a member */
  requireMember(viewer: Viewer, conversationId: string): Promise<Membership>
  /**
   * For what only members see of a conversation that the viewer has come by.
   * @throws ChatError FORBIDDEN where he could join, else NOT_FOUND
   */
  requireReadable(viewer: Viewer, conversation: Conversation): Promise<Member>
  /** The messages of others that he has not read. @throws ChatError as `requireReadable` */
  countUnread(viewer: Viewer, conversation: Conversation): Promise<number>
  /** @throws ChatError NOT_FOUND where the viewer himself isn't a member */
  canAccess(viewer: Viewer, conversationId: string, userId: string): Promise<boolean>
}

export function createConversationService({ database }: { database: Database }): ConversationService {
  const { read } = database
  const reader = createConversationReader(database)
  const loaders = createConversationLoaders(database)
  /** The memberships that were read together with a conversation, each as long as that is in use. */
  const memberships = new WeakMap<Conversation, Member>()

  function remember({ conversation, member }: Reading): Conversation {
    if (member) memberships.set(conversation, member)
    return conversation
  }

  function findMember({ userId }: Viewer, conversationId: string) {
    return loaders.member(conversationId, userId)
  }

  async function requireReadable(viewer: Viewer, conversation: Conversation): Promise<Member> {
    const known = memberships.get(conversation)
    if (known?.userId === viewer.userId) return known
    const member = await findMember(viewer, conversation.id)
    if (!member) throw notReadable(conversation)
    return member
  }

  return {
    ...loaders,
    async find({ userId }, id) {
      const reading = await reader.find(id, userId)
      return reading && remember(reading)
    },
    async requireKnownGroup({ userId }, id) {
      const reading = await reader.find(id, userId)
      const isKnown = reading?.member || reading?.conversation.visibility === 'PUBLIC'
      if (!isKnown || reading.conversation.kind !== 'GROUP') throw notFound('Group')
      return remember(reading)
    },
    list: async ({ userId }, range) => (await reader.list(userId, range)).map(remember),
    findMember,
    requireReadable,
    requireMember: (viewer, conversationId) => requireMember(read, viewer, conversationId),

    async countUnread(viewer, conversation) {
      const { readTextCount, skippedCount } = await requireReadable(viewer, conversation)
      return Math.max(0, conversation.textCount - readTextCount - skippedCount)
    },

    async canAccess(viewer, conversationId, userId) {
      await requireMember(read, viewer, conversationId)
      return (await read.member.count({ where: { conversationId, userId } })) > 0
    },
  }
}

/** What a stranger is told: to join, where he may know that the conversation exists. */
export function notReadable(conversation: Conversation | null) {
  if (conversation?.visibility === 'PUBLIC') return forbidden('Join the group first.')
  return notFound(conversation?.kind === 'DIRECT' ? 'Conversation' : 'Group')
}

async function requireMember(
  queries: Pick<Transaction, 'member'>,
  { userId }: Viewer,
  conversationId: string,
): Promise<Membership> {
  const found = await queries.member.findUnique({
    where: { conversationId_userId: { conversationId, userId } },
    include: { conversation: true },
  })
  if (!found) throw notFound('Conversation')
  const { conversation, ...member } = found
  return { conversation, member }
}
