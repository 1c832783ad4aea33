import type { Transaction } from '../database/database.ts'
import type { SqlConnection } from '../database/sql-connection.ts'
import { Prisma, type User } from '../generated/prisma/client.ts'
import { appendMessages, takePositions } from './append-messages.ts'
import type { LogEvent, MessageRow } from './change.ts'
import { reindexMessage } from './message-index.ts'
import { inList, queryMessages } from './message-sql.ts'
import { touchMessages } from './touch-messages.ts'

/** The server's word on a member: “<member> joined the group”. */
export interface SystemMessage {
  conversationId: string
  senderId: string
  content: string
  /** What is noted of the member just before it, so that he hears it, or doesn't. */
  tells?: 'entered' | 'left'
}

/** A transaction that changes the log. What it notes is published once it is committed. */
export interface LogTransaction {
  readonly tx: Transaction
  /** The same transaction, for what is written in SQL. */
  readonly sql: SqlConnection
  /** In their order, with a few statements whatever their number. */
  appendSystemMessages(messages: SystemMessage[]): Promise<MessageRow[]>
  findMessage(id: string): Promise<MessageRow | null>
  /** Changes a message in place, and moves it to the log's end. */
  updateMessage(id: string, data: Prisma.MessageUncheckedUpdateInput): Promise<MessageRow>
  /** Moves messages to the log's end, in their order: something about them has changed that isn't in their rows. */
  touchMessages(ids: readonly string[]): Promise<void>
  /** Notes that a member has gone: he hears nothing more of it, whatever this transaction appends. */
  left(conversationId: string, userId: string): void
  /** Notes that a conversation is no more. */
  ended(conversationId: string): void
}

export function openLogTransaction(tx: Transaction, sql: SqlConnection, events: LogEvent[]): LogTransaction {
  async function findMessage(id: string): Promise<MessageRow | null> {
    const [message] = await queryMessages(sql, Prisma.sql`WHERE m."id" = ${id}`)
    return message ?? null
  }

  return {
    tx,
    sql,
    findMessage,
    async appendSystemMessages(messages) {
      const senders = await findUsers(sql, new Set(messages.map(({ senderId }) => senderId)))
      const appended = await appendMessages(
        sql,
        messages.map(({ conversationId, senderId, content }) => {
          const sender = senders.get(senderId)
          if (!sender) throw new Error(`There is no user ${senderId} to tell of`)
          return { ...NOTHING_SENT, conversationId, sender, content, kind: 'SYSTEM' }
        }),
      )
      for (const [index, message] of appended.entries()) {
        const { conversationId, senderId } = message
        const tells = messages[index]?.tells
        if (tells) events.push({ type: tells, conversationId, userId: senderId })
        events.push({ type: 'changed', message })
      }
      return appended
    },

    async updateMessage(id, data) {
      const position = await takePositions(sql, 1)
      const { conversation: before } = await tx.message.findUniqueOrThrow({
        where: { id },
        select: { conversation: { select: { id: true, position: true } } },
      })
      await tx.conversation.update({ where: { id: before.id }, data: { position } })
      await tx.message.update({ where: { id }, data: { ...data, position, previousPosition: before.position } })
      const message = await findMessage(id)
      if (!message) throw new Error(`The message ${id} vanished in its own transaction`)
      if (data.content !== undefined) await reindexMessage(sql, message)
      events.push({ type: 'changed', message })
      return message
    },

    async touchMessages(ids) {
      for (const message of await touchMessages(sql, ids)) events.push({ type: 'changed', message })
    },

    left: (conversationId, userId) => events.push({ type: 'left', conversationId, userId }),
    ended: (conversationId) => events.push({ type: 'ended', conversationId }),
  }
}

const NOTHING_SENT = { mediaUrl: null, replyToId: null, clientId: null, fingerprint: null }

async function findUsers(sql: SqlConnection, ids: Set<string>): Promise<Map<string, User>> {
  if (ids.size === 0) return new Map()
  const users = await sql.all<User>(Prisma.sql`SELECT * FROM "User" WHERE ${inList(Prisma.sql`"id"`, [...ids])}`)
  return new Map(users.map((user) => [user.id, user]))
}
