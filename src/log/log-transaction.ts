import type { Transaction } from '../database/database.ts'
import type { SqlConnection } from '../database/sql-connection.ts'
import { Prisma, type User } from '../generated/prisma/client.ts'
import { appendMessages, takePositions } from './append-messages.ts'
import type { LogEvent, MessageRow } from './change.ts'
import { reindexMessage } from './message-index.ts'
import { inList } from './message-sql.ts'
import { openSqlLogTransaction, type SqlLogTransaction } from './sql-log-transaction.ts'

/** The server's word on a member: “<member> joined the group”. */
export interface SystemMessage {
  conversationId: string
  senderId: string
  content: string
  /** What is noted of the member just before it, so that he hears it, or doesn't. */
  tells?: 'entered' | 'left'
}

/** A transaction that changes the log. Its `sql` is the same transaction, for what is written in SQL. */
export interface LogTransaction extends SqlLogTransaction {
  readonly tx: Transaction
  /** In their order, with a few statements whatever their number. */
  appendSystemMessages(messages: SystemMessage[]): Promise<MessageRow[]>
  /** Changes a message in place, and moves it to the log's end. */
  updateMessage(id: string, data: Prisma.MessageUncheckedUpdateInput): Promise<MessageRow>
  /** Notes that a member has gone: he hears nothing more of it, whatever this transaction appends. */
  left(conversationId: string, userId: string): void
  /** Notes that conversations are no more. Each takes a place in the log, so that whoever misses it sees that. */
  ended(conversationIds: readonly string[]): Promise<void>
}

export function openLogTransaction(tx: Transaction, sql: SqlConnection, events: LogEvent[]): LogTransaction {
  const bySql = openSqlLogTransaction(sql, events)

  return {
    ...bySql,
    tx,
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
      const message = await bySql.findMessage(id)
      if (!message) throw new Error(`The message ${id} vanished in its own transaction`)
      if (data.content !== undefined) await reindexMessage(sql, message)
      events.push({ type: 'changed', message })
      return message
    },

    left: (conversationId, userId) => events.push({ type: 'left', conversationId, userId }),
    async ended(conversationIds) {
      if (conversationIds.length === 0) return
      let position = (await takePositions(sql, conversationIds.length)) - BigInt(conversationIds.length)
      for (const conversationId of conversationIds) events.push({ type: 'ended', conversationId, position: ++position })
    },
  }
}

const NOTHING_SENT = { mediaUrl: null, replyToId: null, clientId: null, fingerprint: null }

async function findUsers(sql: SqlConnection, ids: Set<string>): Promise<Map<string, User>> {
  if (ids.size === 0) return new Map()
  const users = await sql.all<User>(Prisma.sql`SELECT * FROM "User" WHERE ${inList(Prisma.sql`"id"`, [...ids])}`)
  return new Map(users.map((user) => [user.id, user]))
}
