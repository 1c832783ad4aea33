import type { Viewer } from '../auth/viewer.ts'
import { requireOpenConversation } from '../block/block-rules.ts'
import { badInput, forbidden, notFound } from '../errors.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { MessageRow } from '../log/change.ts'
import type { SqlLogTransaction } from '../log/sql-log-transaction.ts'
import type { Writer } from '../log/writer.ts'
import { checkEmoji } from './emoji.ts'

const MOST_OF_ONE = 10 // emoji of one person on one message
const MOST_OF_ALL = 50 // different emoji on one message

/** The rules of reacting. What is so already changes nothing. */
export interface ReactionService {
  /**
   * @throws ChatError NOT_FOUND where he is no member, or one of the two in a direct conversation has blocked the other;
   * FORBIDDEN on a SYSTEM message; BAD_USER_INPUT where it is no emoji, one too many, or the message is deleted
   */
  add(viewer: Viewer, messageId: string, emoji: string): Promise<MessageRow>
  /** @throws ChatError as `add`, but also where one has blocked the other, it can be taken back */
  remove(viewer: Viewer, messageId: string, emoji: string): Promise<MessageRow>
}

export function createReactionService({ writer }: { writer: Writer }): ReactionService {
  return {
    async add({ userId }, messageId, given) {
      const emoji = checkEmoji(given)
      return writer.changeSql(async (log) => {
        const message = await requireReactable(log, userId, messageId)
        const present = await findEmoji(log, messageId, userId)
        if (present.some((one) => one.emoji === emoji && one.isOwn)) return message
        await requireOpenConversation(log.sql, message.conversationId, userId)
        requireRoom(present, emoji)
        const changed = await moveCount(log, message, 1)
        await log.sql.insert('Reaction', [{ messageId, userId, emoji, position: changed.position }])
        return changed
      })
    },

    async remove({ userId }, messageId, given) {
      const emoji = checkEmoji(given)
      return writer.changeSql(async (log) => {
        const message = await requireReactable(log, userId, messageId)
        const removed = await log.sql.run(
          Prisma.sql`DELETE FROM "Reaction"
            WHERE "messageId" = ${messageId} AND "userId" = ${userId} AND "emoji" = ${emoji}`,
        )
        return removed === 0 ? message : moveCount(log, message, -1)
      })
    },
  }
}

async function requireReactable(log: SqlLogTransaction, userId: string, id: string): Promise<MessageRow> {
  const message = await log.findMessage(id)
  const [member] = await log.sql.all(
    Prisma.sql`SELECT "userId" FROM "Member"
      WHERE "conversationId" = ${message?.conversationId ?? ''} AND "userId" = ${userId}`,
  )
  if (!message || !member) throw notFound('Message')
  if (message.kind === 'SYSTEM') throw forbidden('Nobody can react to SYSTEM messages.')
  if (message.deletedAt) throw badInput('messageId', 'This message has been deleted.')
  return message
}

async function moveCount(log: SqlLogTransaction, message: MessageRow, by: number): Promise<MessageRow> {
  await log.sql.run(
    Prisma.sql`UPDATE "Message" SET "reactionCount" = "reactionCount" + ${by} WHERE "id" = ${message.id}`,
  )
  const [changed = message] = await log.touchMessages([message.id])
  return changed
}

/** An emoji that a message has. */
interface PresentEmoji {
  emoji: string
  /** Whether it is of whom it was read for, among others perhaps. */
  isOwn: boolean
}

async function findEmoji({ sql }: SqlLogTransaction, messageId: string, userId: string): Promise<PresentEmoji[]> {
  const rows = await sql.all<{ emoji: string; own: bigint }>(
    Prisma.sql`SELECT "emoji", count(CASE WHEN "userId" = ${userId} THEN 1 END) AS "own" FROM "Reaction"
      WHERE "messageId" = ${messageId} GROUP BY "emoji"`,
  )
  return rows.map(({ emoji, own }) => ({ emoji, isOwn: Number(own) > 0 }))
}

/** @throws ChatError BAD_USER_INPUT where there are too many already for one more */
function requireRoom(present: PresentEmoji[], emoji: string): void {
  if (present.filter(({ isOwn }) => isOwn).length >= MOST_OF_ONE) {
    throw badInput('emoji', `One person can leave ${MOST_OF_ONE} different emoji on a message: take one back first.`)
  }
  if (present.length >= MOST_OF_ALL && !present.some((one) => one.emoji === emoji)) {
    throw badInput('emoji', `This message has ${MOST_OF_ALL} different emoji already: take one of those.`)
  }
}
