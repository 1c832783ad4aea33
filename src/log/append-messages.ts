import { type SqlConnection, valuesAtLeastOnce } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'
import { noteReferences } from '../media/media-references.ts'
import type { MessageRow, Position } from './change.ts'
import { memberKey } from './draft.ts'
import { indexMessages } from './message-index.ts'
import { inList } from './message-sql.ts'

/** What is known of a message before it has its place. */
export type NewMessage = Pick<
  MessageRow,
  'conversationId' | 'sender' | 'kind' | 'content' | 'mediaUrl' | 'replyToId' | 'clientId' | 'fingerprint'
>

/** A conversation's end, as it is moved by what is appended. */
interface Head {
  id: string
  lastSeq: number
  textCount: number
  position: Position
}

/** Numbers the messages and stores them, in their order, with a few statements whatever their number. */
export async function appendMessages(connection: SqlConnection, messages: NewMessage[]): Promise<MessageRow[]> {
  if (messages.length === 0) return []
  const createdAt = new Date()
  const lastPosition = await takePositions(connection, messages.length)
  const heads = await findHeads(connection, new Set(messages.map(({ conversationId }) => conversationId)))

  let position = lastPosition - BigInt(messages.length)
  const appended = messages.map(({ sender, ...message }): MessageRow => {
    const head = heads.get(message.conversationId)
    if (!head) throw new Error(`The conversation ${message.conversationId} vanished in its own transaction`)
    const previousPosition = head.position
    head.position = ++position
    head.lastSeq++
    if (message.kind !== 'SYSTEM') head.textCount++
    return {
      ...message,
      id: newId(),
      senderId: sender.id,
      seq: head.lastSeq,
      textOrdinal: head.textCount,
      createdAt,
      editedAt: null,
      deletedAt: null,
      createdPosition: position,
      position,
      previousPosition,
      reactionCount: 0,
      sender,
    }
  })

  const rows = appended.map(({ sender: _, reactionCount: __, ...row }) => row)
  await connection.insert('Message', rows)
  await noteReferences(
    connection,
    appended.filter(({ mediaUrl }) => mediaUrl).map(({ id, mediaUrl: url }) => ({ id, url })),
  )
  await moveHeads(connection, [...heads.values()])
  await skipOwn(connection, appended)
  await indexMessages(connection, appended)
  return appended
}

/**
 * Takes the next positions for changes of this transaction; no other can take any before it ends, so that
 * positions become visible in their order.
 * @returns the last of them
 */
export async function takePositions(connection: SqlConnection, count: number): Promise<Position> {
  const [log] = await connection.all<{ position: Position }>(
    Prisma.sql`UPDATE "Log" SET "position" = "position" + ${BigInt(count)} WHERE "id" = 1 RETURNING "position"`,
  )
  if (!log) throw new Error('The log has lost its counter')
  return log.position
}

async function findHeads(connection: SqlConnection, ids: Set<string>): Promise<Map<string, Head>> {
  const heads = await connection.all<Head>(
    Prisma.sql`SELECT "id", "lastSeq", "textCount", "position" FROM "Conversation"
      WHERE ${inList(Prisma.sql`"id"`, [...ids])}`,
  )
  return new Map(heads.map((head) => [head.id, head]))
}

async function moveHeads(connection: SqlConnection, heads: Head[]): Promise<void> {
  const rows = heads.map(({ id, lastSeq, textCount, position }) => [id, lastSeq, textCount, position])
  await connection.run(
    Prisma.sql`UPDATE "Conversation" AS c
      SET "lastSeq" = v.column2, "textCount" = v.column3, "position" = v.column4, "activity" = v.column4
      FROM (${valuesAtLeastOnce(rows)}) AS v WHERE c."id" = v.column1`,
  )
}

/** What somebody wrote himself isn't unread to him. */
async function skipOwn(connection: SqlConnection, messages: MessageRow[]): Promise<void> {
  const counts = new Map<string, [conversationId: string, userId: string, count: number]>()
  for (const { conversationId, senderId, kind } of messages) {
    if (kind === 'SYSTEM') continue
    const key = memberKey({ conversationId, senderId })
    const row = counts.get(key)
    if (row) row[2]++
    else counts.set(key, [conversationId, senderId, 1])
  }
  if (counts.size === 0) return
  await connection.run(
    Prisma.sql`UPDATE "Member" AS m SET "skippedCount" = m."skippedCount" + v.column3
      FROM (${valuesAtLeastOnce([...counts.values()])}) AS v
      WHERE m."conversationId" = v.column1 AND m."userId" = v.column2`,
  )
}
