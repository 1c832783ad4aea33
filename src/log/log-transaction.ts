import type { Transaction } from '../database/database.ts'
import { withinPrisma } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'
import type { LogEvent, MessageRow, Position } from './change.ts'
import { queryMessages } from './message-sql.ts'

/** A transaction that changes the log. What it notes is published once it is committed. */
export interface LogTransaction {
  readonly tx: Transaction
  /** Appends the server's word on a member: “<member> joined the group”. */
  appendSystemMessage(message: { conversationId: string; senderId: string; content: string }): Promise<MessageRow>
  findMessage(id: string): Promise<MessageRow | null>
  /** Changes a message in place, and moves it to the log's end. */
  updateMessage(id: string, data: Prisma.MessageUncheckedUpdateInput): Promise<MessageRow>
  /** Notes that a member has come: his inboxes listen from the next message on. */
  entered(conversationId: string, userId: string): void
  /** Notes that a member has gone: he hears nothing more of it, whatever this transaction appends. */
  left(conversationId: string, userId: string): void
  /** Notes that a conversation is no more. */
  ended(conversationId: string): void
}

export function openLogTransaction(tx: Transaction, events: LogEvent[]): LogTransaction {
  async function findMessage(id: string): Promise<MessageRow | null> {
    const [message] = await queryMessages(withinPrisma(tx), Prisma.sql`WHERE m."id" = ${id}`)
    return message ?? null
  }

  return {
    tx,
    findMessage,
    async appendSystemMessage({ conversationId, senderId, content }) {
      const position = await takePositions(tx, 1)
      const before = await tx.conversation.findUniqueOrThrow({ where: { id: conversationId } })
      const { lastSeq, textCount } = await tx.conversation.update({
        where: { id: conversationId },
        data: { lastSeq: { increment: 1 }, position, activity: position },
      })
      const message = await tx.message.create({
        data: {
          id: newId(),
          conversationId,
          seq: lastSeq,
          textOrdinal: textCount,
          senderId,
          kind: 'SYSTEM',
          content,
          createdAt: new Date(),
          createdPosition: position,
          position,
          previousPosition: before.position,
        },
        include: { sender: true },
      })
      events.push({ type: 'changed', message })
      return message
    },

    async updateMessage(id, data) {
      const position = await takePositions(tx, 1)
      const { conversation: before } = await tx.message.findUniqueOrThrow({
        where: { id },
        select: { conversation: { select: { id: true, position: true } } },
      })
      await tx.conversation.update({ where: { id: before.id }, data: { position } })
      await tx.message.update({ where: { id }, data: { ...data, position, previousPosition: before.position } })
      const message = await findMessage(id)
      if (!message) throw new Error(`The message ${id} vanished in its own transaction`)
      events.push({ type: 'changed', message })
      return message
    },

    entered: (conversationId, userId) => events.push({ type: 'entered', conversationId, userId }),
    left: (conversationId, userId) => events.push({ type: 'left', conversationId, userId }),
    ended: (conversationId) => events.push({ type: 'ended', conversationId }),
  }
}

/**
 * Takes the next positions for changes of this transaction; no other can take any before it ends, so that
 * positions become visible in their order.
 * @returns the last of them
 */
export async function takePositions(tx: Transaction, count: number): Promise<Position> {
  const { position } = await tx.log.update({ where: { id: 1 }, data: { position: { increment: count } } })
  return position
}
