import { notReadable } from '../conversation/conversation-service.ts'
import type { Transaction } from '../database/database.ts'
import { badInput, forbidden, notFound } from '../errors.ts'
import type { Conversation, Member, Prisma } from '../generated/prisma/client.ts'

export interface GroupMembership {
  group: Conversation
  member: Member
}

/** The groups that a user may know of: his own and the public ones. */
export function groupsKnownTo(userId: string) {
  return {
    kind: 'GROUP',
    OR: [{ visibility: 'PUBLIC' }, { members: { some: { userId } } }],
  } satisfies Prisma.ConversationWhereInput
}

/** @throws ChatError NOT_FOUND where he isn't a member; FORBIDDEN where he could become one */
export async function requireMember(tx: Transaction, userId: string, groupId: string): Promise<GroupMembership> {
  const group = await tx.conversation.findUnique({ where: { id: groupId, kind: 'GROUP' } })
  const member = group && (await findMember(tx, userId, groupId))
  if (!member) throw notReadable(group)
  return { group, member }
}

/** @throws ChatError as `requireMember`; FORBIDDEN where he is neither owner nor admin */
export async function requireManager(tx: Transaction, userId: string, groupId: string): Promise<GroupMembership> {
  const membership = await requireMember(tx, userId, groupId)
  if (membership.member.role === 'MEMBER') throw forbidden('Only the owner and the admins manage the group.')
  return membership
}

/** @throws ChatError as `requireMember`; FORBIDDEN where he isn't the owner */
export async function requireOwner(tx: Transaction, userId: string, groupId: string): Promise<GroupMembership> {
  const membership = await requireMember(tx, userId, groupId)
  if (membership.member.role !== 'OWNER') throw forbidden('Only the owner can do this.')
  return membership
}

/**
 * The member whom another one does something to.
 * @throws ChatError NOT_FOUND where he isn't in; BAD_USER_INPUT, with this advice, where he is oneself
 */
export async function requireTarget(
  tx: Transaction,
  { member }: GroupMembership,
  userId: string,
  advice: string,
): Promise<Member> {
  if (userId === member.userId) throw badInput('user', `That is yourself: ${advice}`)
  const target = await findMember(tx, userId, member.conversationId)
  if (!target) throw notFound('Member')
  return target
}

export function findMember(tx: Transaction, userId: string, groupId: string): Promise<Member | null> {
  return tx.member.findUnique({ where: { conversationId_userId: { conversationId: groupId, userId } } })
}

/** @throws ChatError FORBIDDEN where this manager may not put this member out */
export function requireRemovable(actor: GroupMembership, target: Member): void {
  if (target.role !== 'MEMBER' && actor.member.role !== 'OWNER') {
    throw forbidden('Only the owner can remove an admin, and nobody the owner.')
  }
}

export async function isBanned(tx: Transaction, userId: string, groupId: string): Promise<boolean> {
  return (await tx.ban.findUnique({ where: { conversationId_userId: { conversationId: groupId, userId } } })) !== null
}
