import type { Conversation } from '../generated/prisma/client.ts'
import type { LogTransaction } from '../log/log-transaction.ts'
import type { Writer } from '../log/writer.ts'

/** Does something to a group, in one transaction. @returns the group as that leaves it */
export function changeGroup(
  writer: Writer,
  groupId: string,
  work: (log: LogTransaction) => Promise<void>,
): Promise<Conversation> {
  return writer.change(async (log) => {
    await work(log)
    return log.tx.conversation.findUniqueOrThrow({ where: { id: groupId } })
  })
}
