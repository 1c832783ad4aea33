import type { Viewer } from '../auth/viewer.ts'
import { requireOpenConversation } from '../block/block-rules.ts'
import type { Database } from '../database/database.ts'
import { badInput, ChatError, forbidden, notFound } from '../errors.ts'
import type { Member } from '../generated/prisma/client.ts'
import { directConversationId } from '../ids.ts'
import type { MessageRow } from '../log/change.ts'
import type { Draft } from '../log/draft.ts'
import type { LogTransaction } from '../log/log-transaction.ts'
import type { LogReader } from '../log/reader.ts'
import { replaceMentions } from '../log/store-mentions.ts'
import type { Writer } from '../log/writer.ts'
import { checkSoon } from '../media/media-references.ts'
import type { Rates } from '../rates/rates.ts'
import { checkContent, checkMessage, type MessageInput } from './message-content.ts'

/** The rules of sending, editing and deleting. */
export interface MessageService {
  /** @throws ChatError BAD_USER_INPUT, RATE_LIMITED, or CONFLICT where the clientId stands for another message */
  sendDirect(viewer: Viewer, peerId: string, input: MessageInput): Promise<MessageRow>
  /** @throws ChatError as `sendDirect`; NOT_FOUND where he is no member, FORBIDDEN where he could join */
  sendToGroup(viewer: Viewer, groupId: string, input: MessageInput): Promise<MessageRow>
  /**
   * @throws ChatError NOT_FOUND, also where the other one of a direct conversation has blocked him, or he him;
   * FORBIDDEN where it isn't his own, BAD_USER_INPUT
   */
  edit(viewer: Viewer, id: string, content: string): Promise<MessageRow>
  /** Leaves a tombstone, without reactions. One's own, or anyone's in a group that one manages. */
  delete(viewer: Viewer, id: string): Promise<MessageRow>
  /** The message, where he may read it. */
  find(viewer: Viewer, id: string): Promise<MessageRow | null>
}

export function createMessageService(deps: {
  database: Database
  reader: LogReader
  writer: Writer
  rates: Rates
}): MessageService {
  const { database, reader, writer, rates } = deps

  /** Counts what was sent, as strangers must not use up what a conversation's members may send. */
  async function send(draft: Draft): Promise<MessageRow> {
    rates.check('conversation', draft.conversationId)
    const message = await writer.send(draft)
    rates.count('conversation', draft.conversationId)
    return message
  }

  return {
    async sendDirect(viewer, peerId, input) {
      if (peerId === viewer.userId) throw badInput('to', 'That is yourself: send to somebody else.')
      return send({
        ...checkMessage(input),
        conversationId: directConversationId(viewer.userId, peerId),
        senderId: viewer.userId,
        peerId,
      })
    },

    async sendToGroup(viewer, groupId, input) {
      const draft = { ...checkMessage(input), conversationId: groupId, senderId: viewer.userId, peerId: null }
      try {
        return await send(draft)
      } catch (error) {
        if (!(error instanceof ChatError) || error.code !== 'NOT_FOUND') throw error
        const group = await database.read.conversation.findUnique({ where: { id: groupId } })
        throw group?.visibility === 'PUBLIC' ? forbidden('Join the group first.') : notFound('Group')
      }
    },

    edit(viewer, id, content) {
      return writer.change(async (log) => {
        const { message } = await requireReadable(log, viewer, id)
        if (message.senderId !== viewer.userId || message.kind === 'SYSTEM') {
          throw forbidden('Only its sender can edit a message.')
        }
        if (message.deletedAt) throw badInput('messageId', 'This message has been deleted.')
        const changed = checkContent(content, message.mediaUrl)
        if (changed === message.content) return message
        await requireOpenConversation(log.sql, message.conversationId, viewer.userId)
        await replaceMentions(log.sql, { ...message, content: changed })
        return log.updateMessage(id, { content: changed, editedAt: new Date() })
      })
    },

    delete(viewer, id) {
      return writer.change(async (log) => {
        const { message, member } = await requireReadable(log, viewer, id)
        if (message.kind === 'SYSTEM') throw forbidden('SYSTEM messages can’t be deleted.')
        // In a direct conversation nobody is more than a MEMBER.
        if (message.senderId !== viewer.userId && member.role === 'MEMBER') {
          throw forbidden('Only its sender, or who manages the group, can delete a message.')
        }
        if (message.deletedAt) return message
        await log.tx.member.updateMany({
          where: {
            conversationId: message.conversationId,
            readSeq: { lt: message.seq },
            userId: { not: message.senderId },
          },
          data: { skippedCount: { increment: 1 } },
        })
        await checkSoon(log.sql, message.mediaUrl)
        return log.updateMessage(id, {
          content: null,
          mediaUrl: null,
          deletedAt: new Date(),
          reactionCount: 0,
          reactions: { deleteMany: {} },
          mentions: { deleteMany: {} },
        })
      })
    },

    async find(viewer, id) {
      const [message] = await reader.messages([id])
      if (!message) return null
      const where = { conversationId_userId: { conversationId: message.conversationId, userId: viewer.userId } }
      return (await database.read.member.findUnique({ where })) && message
    },
  }
}

async function requireReadable(
  { tx, findMessage }: LogTransaction,
  { userId }: Viewer,
  id: string,
): Promise<{ message: MessageRow; member: Member }> {
  const message = await findMessage(id)
  const member =
    message &&
    (await tx.member.findUnique({
      where: { conversationId_userId: { conversationId: message.conversationId, userId } },
    }))
  if (!message || !member) throw notFound('Message')
  return { message, member }
}
