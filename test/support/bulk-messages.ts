import { decodeId } from '../../src/ids.ts'
import type { TestServer, TestUser } from './testkit.ts'

/** Fills a group with messages of one member, in the database itself: many thousands in a second. */
export async function fillGroup(
  { app }: TestServer,
  group: { id: string },
  sender: TestUser,
  count: number,
): Promise<void> {
  const conversationId = decodeId(group.id, 'Group', 'id')
  const senderId = decodeId(sender.id, 'User', 'id')
  await app.services.database.write(async (tx) => {
    const { position } = await tx.log.findUniqueOrThrow({ where: { id: 1 } })
    const { lastSeq, textCount } = await tx.conversation.findUniqueOrThrow({ where: { id: conversationId } })
    await tx.$executeRaw`
      INSERT INTO "Message" ("id", "conversationId", "senderId", "seq", "textOrdinal", "kind", "content", "createdAt",
        "createdPosition", "position", "previousPosition")
      WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
      SELECT 'bulk-' || (${position} + n), ${conversationId}, ${senderId}, ${lastSeq} + n, ${textCount} + n, 'TEXT',
        'message ' || n, ${new Date()}, ${position} + n, ${position} + n, ${position} + n - 1 FROM numbers`
    const end = position + BigInt(count)
    await tx.log.update({ where: { id: 1 }, data: { position: end } })
    await tx.conversation.update({
      where: { id: conversationId },
      data: { lastSeq: lastSeq + count, textCount: textCount + count, position: end, activity: end },
    })
  })
}
