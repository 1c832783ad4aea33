import type { Member } from '../generated/prisma/client.ts'
import type { LogTransaction } from '../log/log-transaction.ts'

/**
 * Ends a membership and says so in the group. The group must have an owner afterwards: see to that first.
 * @param content reads after his name
 */
export async function depart(log: LogTransaction, { conversationId, userId }: Member, content: string): Promise<void> {
  log.left(conversationId, userId)
  await log.tx.member.delete({ where: { conversationId_userId: { conversationId, userId } } })
  await log.appendSystemMessage({ conversationId, senderId: userId, content })
}

/** Hands a group on, and says so in it. */
export async function makeOwner(log: LogTransaction, { conversationId, userId }: Member): Promise<void> {
  await log.tx.member.update({
    where: { conversationId_userId: { conversationId, userId } },
    data: { role: 'OWNER' },
  })
  await log.appendSystemMessage({ conversationId, senderId: userId, content: 'became the owner' })
}

/** Deletes a group with all that was written in it. */
export async function dissolve(log: LogTransaction, groupId: string): Promise<void> {
  log.ended(groupId)
  await log.tx.conversation.delete({ where: { id: groupId } })
}

/**
 * Takes a user out of all his groups. One that he owned passes to its longest-standing admin, else to its
 * longest-standing member, and is deleted where nobody is left.
 */
export async function leaveAllGroups(log: LogTransaction, userId: string): Promise<void> {
  const memberships = await log.tx.member.findMany({ where: { userId, conversation: { kind: 'GROUP' } } })
  for (const membership of memberships) {
    const { conversationId: groupId } = membership
    const successor = membership.role === 'OWNER' ? await findSuccessor(log, groupId) : null
    if (membership.role === 'OWNER' && !successor) {
      log.left(groupId, userId)
      await dissolve(log, groupId)
      continue
    }
    await depart(log, membership, 'left the group')
    if (successor) await makeOwner(log, successor)
  }
}

async function findSuccessor({ tx }: LogTransaction, conversationId: string): Promise<Member | null> {
  for (const role of ['ADMIN', 'MEMBER'] as const) {
    const longestStanding = await tx.member.findFirst({
      where: { conversationId, role },
      orderBy: [{ joinedAt: 'asc' }, { userId: 'asc' }],
    })
    if (longestStanding) return longestStanding
  }
  return null
}
