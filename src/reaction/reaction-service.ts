import type { Viewer } from '../auth/viewer.ts'
import { badInput, forbidden } from '../errors.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { MessageRow } from '../log/change.ts'
import type { LogTransaction } from '../log/log-transaction.ts'
import type { Writer } from '../log/writer.ts'
import { requireReadable } from '../message/message-service.ts'
import { checkEmoji } from './emoji.ts'

const MOST_OF_ONE = 10 // emoji of one person on one message
const MOST_OF_ALL = 50 // different emoji on one message

/** The rules of reacting. What is so already changes nothing. */
export interface ReactionService {
  /**
   * @throws ChatError NOT_FOUND where he is no member, FORBIDDEN on a SYSTEM message, BAD_USER_INPUT where it is
   * no emoji, one too many, or the message is deleted
   */
  add(viewer: Viewer, messageId: string, emoji: string): Promise<MessageRow>
  /** @throws ChatError as `add` */
  remove(viewer: Viewer, messageId: string, emoji: string): Promise<MessageRow>
}

export function createReactionService({ writer }: { writer: Writer }): ReactionService {
  return {
    async add(viewer, messageId, given) {
      const emoji = checkEmoji(given)
      return writer.change(async (log) => {
        const message = await requireReactable(log, viewer, messageId)
        const key = { messageId, userId: viewer.userId, emoji }
        if (await log.tx.reaction.findUnique({ where: { messageId_userId_emoji: key } })) return message
        await requireRoom(log, key)
        const changed = await log.updateMessage(messageId, { reactionCount: { increment: 1 } })
        await log.sql.insert('Reaction', [{ ...key, position: changed.position }])
        return changed
      })
    },

    async remove(viewer, messageId, given) {
      const emoji = checkEmoji(given)
      return writer.change(async (log) => {
        const message = await requireReactable(log, viewer, messageId)
        const { count } = await log.tx.reaction.deleteMany({ where: { messageId, userId: viewer.userId, emoji } })
        return count === 0 ? message : log.updateMessage(messageId, { reactionCount: { decrement: count } })
      })
    },
  }
}

async function requireReactable(log: LogTransaction, viewer: Viewer, id: string): Promise<MessageRow> {
  const { message } = await requireReadable(log, viewer, id)
  if (message.kind === 'SYSTEM') throw forbidden('Nobody can react to SYSTEM messages.')
  if (message.deletedAt) throw badInput('messageId', 'This message has been deleted.')
  return message
}

/** @throws ChatError BAD_USER_INPUT where there are too many already for one more */
async function requireRoom({ tx, sql }: LogTransaction, key: { messageId: string; userId: string; emoji: string }) {
  const { messageId, userId, emoji } = key
  if ((await tx.reaction.count({ where: { messageId, userId } })) >= MOST_OF_ONE) {
    throw badInput('emoji', `One person can leave ${MOST_OF_ONE} different emoji on a message: take one back first.`)
  }
  if (await tx.reaction.findFirst({ where: { messageId, emoji } })) return
  const present = await sql.all(
    Prisma.sql`SELECT "emoji" FROM "Reaction" WHERE "messageId" = ${messageId} GROUP BY "emoji"`,
  )
  if (present.length >= MOST_OF_ALL) {
    throw badInput('emoji', `This message has ${MOST_OF_ALL} different emoji already: take one of those.`)
  }
}
