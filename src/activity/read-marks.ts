import type { Viewer } from '../auth/viewer.ts'
import type { Database } from '../database/database.ts'
import { forUpdate, type SqlConnection } from '../database/sql-connection.ts'
import { badInput, notFound } from '../errors.ts'
import { type Conversation, Prisma } from '../generated/prisma/client.ts'
import { inPairs, MEMBER_KEY } from '../log/message-sql.ts'
import type { Bus } from '../realtime/bus.ts'
import { findMarked, type Mark, moveRead } from './mark-sql.ts'

const LARGEST_GROUP = 200 // marks in one transaction

export interface ReadMarks {
  /**
   * Marks everything up to a message as read, in one transaction with the other marks that are waiting. A mark below
   * the one that stands changes nothing.
   * @throws ChatError NOT_FOUND where he isn't a member, BAD_USER_INPUT where there is no such message
   */
  markRead(viewer: Viewer, conversationId: string, upToSeq: number): Promise<Conversation>
}

interface Waiting extends Mark {
  resolve: (conversation: Conversation) => void
  reject: (error: unknown) => void
}

/** A conversation as one of its members asked for it. */
type Seat = Conversation & { userId: string }

export function createReadMarks({ database, bus }: { database: Database; bus: Bus }): ReadMarks {
  let waiting: Waiting[] = []

  async function store(): Promise<void> {
    while (waiting.length > 0) {
      // What comes while these are written goes into the next transaction.
      const group = waiting.slice(0, LARGEST_GROUP)
      try {
        const { seats, moved } = await database.writeSql(async (sql) => {
          const seats = await findSeats(sql, group)
          const good = group.filter((mark) => !refusalOf(mark, seats.get(memberKey(mark))))
          return { seats, moved: good.length > 0 ? await moveRead(sql, furthest(good)) : [] }
        })
        for (const mark of group) {
          const seat = seats.get(memberKey(mark))
          const refusal = refusalOf(mark, seat)
          if (refusal) mark.reject(refusal)
          else mark.resolve(seat as Conversation)
        }
        await tell(moved)
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
      waiting = waiting.slice(group.length)
    }
  }

  /** In a large group, all would be told of all. */
  async function tell(moved: readonly Mark[]): Promise<void> {
    if (moved.length === 0) return
    const ids = [...new Set(moved.map(({ conversationId }) => conversationId))]
    const marked = new Set(await findMarked(database.readSql, ids))
    for (const mark of moved.filter(({ conversationId }) => marked.has(conversationId))) {
      bus.publish(`conversation:${mark.conversationId}`, { type: 'read', ...mark })
    }
  }

  return {
    markRead: ({ userId }, conversationId, upToSeq) =>
      new Promise((resolve, reject) => {
        waiting.push({ conversationId, userId, upToSeq, resolve, reject })
        // Marks of one turn go together.
        if (waiting.length === 1) setImmediate(() => void store())
      }),
  }
}

/** What is counted of the members stands still until the transaction ends. */
async function findSeats(connection: SqlConnection, marks: readonly Mark[]): Promise<Map<string, Seat>> {
  const pairs = inPairs(
    Prisma.sql`m."conversationId"`,
    Prisma.sql`m."userId"`,
    marks.map(({ conversationId, userId }) => [conversationId, userId]),
  )
  const seats = await connection.all<Seat>(
    Prisma.sql`SELECT c.*, m."userId" FROM "Member" m JOIN "Conversation" c ON c."id" = m."conversationId" WHERE ${pairs}
      ${forUpdate(connection, 'm', MEMBER_KEY)}`,
  )
  return new Map(seats.map((seat) => [memberKey({ conversationId: seat.id, userId: seat.userId }), seat]))
}

function refusalOf({ upToSeq }: Mark, seat: Seat | undefined) {
  if (!seat) return notFound('Conversation')
  if (upToSeq >= 0 && upToSeq <= seat.lastSeq) return null
  return badInput('upToSeq', `upToSeq must be the seq of a message: 0 to ${seat.lastSeq}.`)
}

/** One for each member. */
function furthest(marks: readonly Mark[]): Mark[] {
  const sorted = marks.toSorted((a, b) => a.upToSeq - b.upToSeq)
  return [...new Map(sorted.map((mark) => [memberKey(mark), mark])).values()]
}

function memberKey({ conversationId, userId }: Omit<Mark, 'upToSeq'>): string {
  return `${conversationId} ${userId}`
}
