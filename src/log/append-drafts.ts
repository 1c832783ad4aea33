import type { Transaction } from '../database/database.ts'
import { Prisma, type User } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'
import type { MessageRow } from './change.ts'
import { type Draft, fingerprint, memberKey } from './draft.ts'
import { takePositions } from './log-transaction.ts'

/**
 * Numbers the drafts and stores them, in their order.
 * @param senders by `memberKey`
 */
export async function appendDrafts(
  tx: Transaction,
  drafts: Draft[],
  senders: Map<string, User>,
): Promise<{ draft: Draft; message: MessageRow }[]> {
  if (drafts.length === 0) return []
  const createdAt = new Date()
  const lastPosition = await takePositions(tx, drafts.length)
  const heads = await tx.conversation.findMany({
    where: { id: { in: drafts.map(({ conversationId }) => conversationId) } },
    select: { id: true, lastSeq: true, textCount: true, position: true },
  })
  const headOf = new Map(heads.map((head) => [head.id, head]))

  let position = lastPosition - BigInt(drafts.length)
  const appended = drafts.map((draft) => {
    const { peerId: _, ...columns } = draft
    const head = headOf.get(draft.conversationId)
    const sender = senders.get(memberKey(draft))
    if (!head || !sender) throw new Error(`The conversation ${draft.conversationId} vanished in its own transaction`)
    const message: MessageRow = {
      ...columns,
      id: newId(),
      seq: ++head.lastSeq,
      textOrdinal: ++head.textCount,
      fingerprint: draft.clientId === null ? null : fingerprint(draft),
      createdAt,
      editedAt: null,
      deletedAt: null,
      createdPosition: ++position,
      position,
      previousPosition: head.position,
      sender,
    }
    head.position = position
    return { draft, message }
  })

  await insertMessages(
    tx,
    appended.map(({ message }) => message),
  )
  for (const { id, lastSeq, textCount, position } of heads) {
    await tx.$executeRaw`UPDATE "Conversation" SET
      "lastSeq" = ${lastSeq}, "textCount" = ${textCount}, "position" = ${position}, "activity" = ${position}
      WHERE "id" = ${id}`
  }
  for (const [{ conversationId, senderId }, count] of countBySender(drafts)) {
    await tx.$executeRaw`UPDATE "Member" SET "skippedCount" = "skippedCount" + ${count}
      WHERE "conversationId" = ${conversationId} AND "userId" = ${senderId}`
  }
  return appended
}

function countBySender(drafts: Draft[]): Map<Draft, number> {
  const firstOf = new Map<string, Draft>()
  const counts = new Map<Draft, number>()
  for (const draft of drafts) {
    const first = firstOf.get(memberKey(draft)) ?? draft
    firstOf.set(memberKey(draft), first)
    counts.set(first, (counts.get(first) ?? 0) + 1)
  }
  return counts
}

async function insertMessages(tx: Transaction, messages: MessageRow[]) {
  const rows = messages.map(
    (m) => Prisma.sql`(${m.id}, ${m.conversationId}, ${m.seq}, ${m.textOrdinal}, ${m.senderId}, ${m.kind}, ${m.content},
      ${m.mediaUrl}, ${m.replyToId}, ${m.clientId}, ${m.fingerprint}, ${m.createdAt}, ${m.createdPosition},
      ${m.position}, ${m.previousPosition})`,
  )
  await tx.$executeRaw`INSERT INTO "Message" ("id", "conversationId", "seq", "textOrdinal", "senderId", "kind", "content",
    "mediaUrl", "replyToId", "clientId", "fingerprint", "createdAt", "createdPosition", "position", "previousPosition")
    VALUES ${Prisma.join(rows)}`
}
