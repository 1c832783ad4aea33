import type { SqlConnection } from '../database/sql-connection.ts'
import { inSteps } from '../database/steps.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { isDirectConversationId } from '../ids.ts'
import type { LogEvent, MessageRow, Position } from '../log/change.ts'
import { inList, inPairs } from '../log/message-sql.ts'
import type { LogScope } from '../log/reader.ts'

const MOST_TOLD = 100_000 // new messages that are remembered in one reading

export interface RecoveryOptions {
  /** Of all conversations. */
  log: LogScope
  sql: SqlConnection
  /** Who listens to a conversation's messages here. */
  userIds: (conversationId: string) => Iterable<string>
  /** The conversations that somebody listens to here. */
  conversationIds: () => Iterable<string>
  /** Tells those who listen here; it must not throw. */
  tell: (events: readonly LogEvent[]) => void
  page?: number | undefined // messages read at once
}

interface Reading {
  from: Position
  /** Where the log stood when it began. */
  to: Position
  /** All up to there is told. */
  at: Position
  /** How many messages that were. */
  count: number
  /** The messages created since `from` that were told. */
  told: Set<string>
  /** The conversations that it has come to. */
  conversationIds: Set<string>
}

type Membership = [conversationId: string, userId: string]

/**
 * Tells from the log what a node has missed. The log holds each message's latest state alone, and of who came and went
 * only that something was said of it: how things stand now, the database tells. What is told here and was told
 * before, listeners know by its position.
 */
export class LogRecovery {
  readonly #options: RecoveryOptions
  /** Goes on where it failed, so that nothing is news twice. */
  #reading: Reading | null = null

  constructor(options: RecoveryOptions) {
    this.#options = options
  }

  /**
   * @param after all up to there has been told; the same again where the reading before has failed
   * @returns up to where all has been told now
   * @throws where the database can't be read: call again
   */
  async read(after: Position): Promise<Position> {
    const { log, tell, page: limit = 500 } = this.#options
    if (this.#reading?.from !== after) {
      this.#reading = {
        from: after,
        to: await log.head(),
        at: after,
        count: 0,
        told: new Set(),
        conversationIds: new Set(),
      }
    }
    const reading = this.#reading
    if (reading.to <= after) return this.#end(after)
    for (let isLast = false; !isLast; ) {
      const page = await log.changes(reading.at, limit)
      const events = await this.#toEvents(page, reading)
      tell(events)
      for (const { conversationId } of page) reading.conversationIds.add(conversationId)
      reading.at = page.at(-1)?.position ?? reading.at
      reading.count += page.length
      isLast = page.length < limit
    }
    const end = reading.at > reading.to ? reading.at : reading.to
    // Else no place was anything but a message's.
    if (BigInt(reading.count) < end - after) tell(await this.#findEnded())
    return this.#end(end)
  }

  #end(end: Position): Position {
    this.#reading = null
    return end
  }

  async #toEvents(page: MessageRow[], reading: Reading): Promise<LogEvent[]> {
    const conversationIds = [...new Set(page.map(({ conversationId }) => conversationId))]
    const listening = conversationIds.flatMap((id) =>
      [...this.#options.userIds(id)].map((userId): Membership => [id, userId]),
    )
    const spokenOf = page
      .filter(({ kind }) => kind === 'SYSTEM')
      .map(({ conversationId, senderId }): Membership => [conversationId, senderId])
    const early = await this.#findEarly(conversationIds, reading)
    const concerned = new Map([...listening, ...spokenOf, ...early].map((pair) => [pair.join(' '), pair]))
    const members = await this.#findMembers([...concerned.values()])

    // Who is no member by now hears nothing of it.
    const events: LogEvent[] = []
    for (const [key, [conversationId, userId]] of concerned) {
      if (!members.has(key)) events.push({ type: 'left', conversationId, userId })
    }
    const entering = new Set([...early, ...spokenOf].map((pair) => pair.join(' ')).filter((key) => members.has(key)))
    const enter = (conversationId: string, userId: string) => {
      if (entering.delete(`${conversationId} ${userId}`)) events.push({ type: 'entered', conversationId, userId })
    }
    for (const pair of early) enter(...pair)
    for (const message of page) {
      enter(message.conversationId, message.senderId)
      events.push({ type: 'changed', message: { ...message, recovery: this.#recoveryOf(message, reading) } })
    }
    return events
  }

  /**
   * Who may have entered these conversations before what the reading comes to first: both sides of a direct one that
   * has begun, and of whom a group was told by a message that something has moved since.
   */
  async #findEarly(conversationIds: string[], { from, conversationIds: known }: Reading): Promise<Membership[]> {
    const early: Membership[] = []
    for (const some of inSteps(conversationIds.filter((id) => !known.has(id)))) {
      const rows = await this.#options.sql.all<{ conversationId: string; userId: string }>(
        Prisma.sql`SELECT m."conversationId", m."senderId" AS "userId" FROM "Message" m
            WHERE ${inList(Prisma.sql`m."conversationId"`, some)} AND m."position" > ${from}
              AND m."kind" = 'SYSTEM' AND m."createdPosition" < m."position"
          UNION ALL SELECT p."conversationId", p."userId" FROM "Message" m
            JOIN "Conversation" c ON c."id" = m."conversationId" AND c."kind" = 'DIRECT'
            JOIN "Member" p ON p."conversationId" = c."id"
            WHERE ${inList(Prisma.sql`m."conversationId"`, some)} AND m."seq" = 1 AND m."createdPosition" > ${from}`,
      )
      for (const { conversationId, userId } of rows) early.push([conversationId, userId])
    }
    return early
  }

  #recoveryOf({ id, createdPosition }: MessageRow, { from, to, told }: Reading): MessageRow['recovery'] {
    if (createdPosition <= from) return { isNew: false, from, to }
    const isNew = !told.has(id)
    told.add(id)
    if (told.size > MOST_TOLD) for (const oldest of told.values().take(1)) told.delete(oldest)
    return { isNew, from, to }
  }

  /** Which of these are members, as `<conversation> <user>`. */
  async #findMembers(pairs: Membership[]): Promise<Set<string>> {
    const members = new Set<string>()
    for (const some of inSteps(pairs)) {
      const rows = await this.#options.sql.all<{ conversationId: string; userId: string }>(
        Prisma.sql`SELECT m."conversationId", m."userId" FROM "Member" m
          WHERE ${inPairs(Prisma.sql`m."conversationId"`, Prisma.sql`m."userId"`, some)}`,
      )
      for (const { conversationId, userId } of rows) members.add(`${conversationId} ${userId}`)
    }
    return members
  }

  /** Direct conversations are listened to before they begin, and never end. */
  async #findEnded(): Promise<LogEvent[]> {
    const ids = [...this.#options.conversationIds()].filter((id) => !isDirectConversationId(id))
    const present = new Set<string>()
    for (const some of inSteps(ids)) {
      const rows = await this.#options.sql.all<{ id: string }>(
        Prisma.sql`SELECT c."id" FROM "Conversation" c WHERE ${inList(Prisma.sql`c."id"`, some)}`,
      )
      for (const { id } of rows) present.add(id)
    }
    return ids
      .filter((id) => !present.has(id))
      .map((conversationId) => ({ type: 'ended', conversationId, position: 0n }))
  }
}
