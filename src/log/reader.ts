import type { Database } from '../database/database.ts'
import { valuesAtLeastOnce } from '../database/sql-connection.ts'
import { type Log, Prisma } from '../generated/prisma/client.ts'
import type { MessageRow, Position } from './change.ts'
import { inList, inPairs, queryMessages } from './message-sql.ts'

/** A stretch of a conversation's history, both ends excluded, seen from one of them. */
export interface HistoryRange {
  conversationId: string
  afterSeq: number
  beforeSeq: number
  limit: number
  /** From the newest backwards; the messages come in that order then. */
  newestFirst: boolean
}

/** A part of the log. */
export interface LogScope {
  /** The position of the newest change. */
  head(): Promise<Position>
  /** The latest state of what changed after a position, in the order of the changes. */
  changes(after: Position, limit: number): Promise<MessageRow[]>
}

/** Reads what is committed of the log. It authorizes nobody. */
export interface LogReader {
  /** The log's name, which no other log has. */
  epoch(): Promise<string>
  /** The position of the newest change. */
  head(): Promise<Position>
  history(range: HistoryRange): Promise<MessageRow[]>
  /** The messages with these ids, in any order; unknown ids are left out. */
  messages(ids: readonly string[]): Promise<MessageRow[]>
  /** The messages with these numbers in their conversations, in any order. */
  messagesAt(places: readonly { conversationId: string; seq: number }[]): Promise<MessageRow[]>
  /** The messages whose creation has these positions, in any order. */
  messagesCreatedAt(positions: readonly Position[]): Promise<MessageRow[]>
  /** The changes of all conversations. */
  readonly wholeLog: LogScope
  /** The changes of one conversation. */
  conversationLog(conversationId: string): LogScope
  /** The changes of all conversations that a user is in. */
  inboxLog(userId: string): LogScope
}

export function createLogReader({ readSql }: Database): LogReader {
  async function head() {
    return (await readLog()).position
  }

  async function readLog(): Promise<Log> {
    const [log] = await readSql.all<Log>(Prisma.sql`SELECT * FROM "Log" WHERE "id" = 1`)
    if (!log) throw new Error('The log has lost its only row')
    return log
  }

  return {
    epoch: async () => (await readLog()).epoch,
    head,

    history({ conversationId, afterSeq, beforeSeq, limit, newestFirst }) {
      const order = newestFirst ? Prisma.sql`DESC` : Prisma.sql`ASC`
      return queryMessages(
        readSql,
        Prisma.sql`WHERE m."conversationId" = ${conversationId} AND m."seq" > ${afterSeq} AND m."seq" < ${beforeSeq}
          ORDER BY m."seq" ${order} LIMIT ${limit}`,
      )
    },

    messages: (ids) => queryMessages(readSql, Prisma.sql`WHERE ${inList(Prisma.sql`m."id"`, ids)}`),

    messagesAt(places) {
      const pairs = inPairs(
        Prisma.sql`m."conversationId"`,
        Prisma.sql`m."seq"`,
        places.map(({ conversationId, seq }) => [conversationId, seq]),
      )
      return queryMessages(readSql, Prisma.sql`WHERE ${pairs}`)
    },

    async messagesCreatedAt(positions) {
      if (positions.length === 0) return []
      const list = valuesAtLeastOnce(positions.map((position) => [position]))
      return queryMessages(readSql, Prisma.sql`WHERE m."createdPosition" IN (${list})`)
    },

    wholeLog: {
      head,
      changes: (after, limit) =>
        queryMessages(readSql, Prisma.sql`WHERE m."position" > ${after} ORDER BY m."position" LIMIT ${limit}`),
    },

    conversationLog: (conversationId) => ({
      head,
      changes: (after, limit) =>
        queryMessages(
          readSql,
          Prisma.sql`WHERE m."conversationId" = ${conversationId} AND m."position" > ${after}
            ORDER BY m."position" LIMIT ${limit}`,
        ),
    }),

    inboxLog: (userId) => ({
      head,
      // The inner query reads an index alone, so that a long absence doesn't load every message for each page.
      changes: (after, limit) =>
        queryMessages(
          readSql,
          Prisma.sql`WHERE m."position" IN (
              SELECT x."position" FROM "Member" mine JOIN "Message" x ON x."conversationId" = mine."conversationId"
              WHERE mine."userId" = ${userId} AND x."position" > ${after}
              ORDER BY x."position" LIMIT ${limit})
            ORDER BY m."position"`,
        ),
    }),
  }
}
