import { notFound } from '../errors.ts'
import type { MemberRole } from '../generated/prisma/client.ts'
import type { LogTransaction } from '../log/log-transaction.ts'

export interface Arrival {
  userId: string
  role?: MemberRole
  /** Reads after his name. */
  content: string
}

/**
 * Makes users members and says so in the group. What was written before they came isn't unread to them.
 * @throws ChatError NOT_FOUND where an account is gone
 */
export async function enter(log: LogTransaction, groupId: string, arrivals: Arrival[]): Promise<void> {
  const ids = arrivals.map(({ userId }) => userId)
  const present = await log.tx.user.count({ where: { id: { in: ids }, deletedAt: null } })
  if (present < ids.length) throw notFound('User')
  const messages = await log.appendSystemMessages(
    arrivals.map(({ userId, content }) => ({ conversationId: groupId, senderId: userId, content, tells: 'entered' })),
  )
  await log.sql.insert(
    'Member',
    messages.map(({ seq, textOrdinal, createdAt }, index) => ({
      conversationId: groupId,
      userId: arrivals[index]?.userId,
      role: arrivals[index]?.role ?? 'MEMBER',
      joinedAt: createdAt,
      readSeq: seq,
      deliveredSeq: seq,
      readTextCount: textOrdinal,
    })),
  )
}
