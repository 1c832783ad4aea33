import { notFound } from '../errors.ts'
import type { MemberRole } from '../generated/prisma/client.ts'
import type { LogTransaction } from '../log/log-transaction.ts'

/**
 * Makes a user a member and says so in the group. What was written before he came isn't unread to him.
 * @param content reads after his name
 * @throws ChatError NOT_FOUND where his account is gone
 */
export async function enter(
  log: LogTransaction,
  { groupId, userId, role = 'MEMBER' }: { groupId: string; userId: string; role?: MemberRole },
  content: string,
): Promise<void> {
  const user = await log.tx.user.findUnique({ where: { id: userId, deletedAt: null } })
  if (!user) throw notFound('User')
  log.entered(groupId, userId)
  const message = await log.appendSystemMessage({ conversationId: groupId, senderId: userId, content })
  await log.tx.member.create({
    data: {
      conversationId: groupId,
      userId,
      role,
      joinedAt: message.createdAt,
      readSeq: message.seq,
      deliveredSeq: message.seq,
      readTextCount: message.textOrdinal,
    },
  })
}
