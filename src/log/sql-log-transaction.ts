import type { SqlConnection } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { LogEvent, MessageRow } from './change.ts'
import { queryMessages } from './message-sql.ts'
import { touchMessages } from './touch-messages.ts'

/** A transaction that changes the log by SQL alone. What it notes is published once it is committed. */
export interface SqlLogTransaction {
  readonly sql: SqlConnection
  findMessage(id: string): Promise<MessageRow | null>
  /**
   * Moves messages to the log's end, in their order, after something about them has changed.
   * @returns them as they are now, in that order
   */
  touchMessages(ids: readonly string[]): Promise<MessageRow[]>
}

export function openSqlLogTransaction(sql: SqlConnection, events: LogEvent[]): SqlLogTransaction {
  return {
    sql,
    async findMessage(id) {
      const [message] = await queryMessages(sql, Prisma.sql`WHERE m."id" = ${id}`)
      return message ?? null
    },
    async touchMessages(ids) {
      const touched = await touchMessages(sql, ids)
      for (const message of touched) events.push({ type: 'changed', message })
      return touched
    },
  }
}
