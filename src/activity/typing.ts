import type { Viewer } from '../auth/viewer.ts'
import { requireOpenConversation } from '../block/block-rules.ts'
import type { ConversationService } from '../conversation/conversation-service.ts'
import type { Database } from '../database/database.ts'
import { notFound } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { isCreation } from '../log/change.ts'
import type { Bus, BusSubscription } from '../realtime/bus.ts'

const REST = 1_000 // ms from one beginning that is told to the next

/** Who is writing a message. It ends by itself, with the message, with his last connection, or when he says so. */
export interface Typing {
  /** @throws ChatError NOT_FOUND where he isn't a member, or one of the two in a direct conversation has blocked the other */
  set(viewer: Viewer, conversationId: string, typing: boolean): Promise<void>
  /** A user has no connection any more. */
  disconnected(userId: string): void
  close(): void
}

interface Writing {
  conversationId: string
  timer: NodeJS.Timeout
  /** When the others were last told, in ms. */
  toldAt: number
  subscription: BusSubscription
}

export function createTyping(deps: {
  database: Pick<Database, 'readSql'>
  bus: Bus
  conversations: Pick<ConversationService, 'findMember'>
  limits: Limits
}): Typing {
  const { database, bus, conversations, limits } = deps
  // Told again before it ends for those who listen, and those who have come meanwhile.
  const interval = limits.typingTimeout / 2
  /** By user, then by conversation. */
  const writings = new Map<string, Map<string, Writing>>()
  /** Who has begun a moment ago, and where: nobody hears of each time that he stops and begins again. */
  const begun = new Set<string>()

  function tell(conversationId: string, userId: string, typing: boolean): void {
    bus.publish(`conversation:${conversationId}`, { type: 'typing', conversationId, userId, typing })
  }

  function begin(conversationId: string, userId: string): void {
    const key = `${conversationId} ${userId}`
    if (begun.has(key)) return
    begun.add(key)
    setTimeout(() => begun.delete(key), REST).unref()
    const subscription = bus.subscribe(`conversation:${conversationId}`, (event) => {
      const isHisMessage = event.type === 'changed' && event.message.senderId === userId && isCreation(event.message)
      const isHisEnd = (event.type === 'left' && event.userId === userId) || event.type === 'ended'
      // The others hear of the message first.
      if (isHisMessage || isHisEnd) setImmediate(end, conversationId, userId)
    })
    const timer = setTimeout(end, limits.typingTimeout, conversationId, userId).unref()
    const his = writings.get(userId) ?? new Map<string, Writing>()
    writings.set(userId, his.set(conversationId, { conversationId, timer, toldAt: performance.now(), subscription }))
    tell(conversationId, userId, true)
  }

  function prolong(writing: Writing, userId: string): void {
    writing.timer.refresh()
    const now = performance.now()
    if (now - writing.toldAt < interval) return
    writing.toldAt = now
    tell(writing.conversationId, userId, true)
  }

  function end(conversationId: string, userId: string): void {
    if (forget(conversationId, userId)) tell(conversationId, userId, false)
  }

  function forget(conversationId: string, userId: string): boolean {
    const his = writings.get(userId)
    const writing = his?.get(conversationId)
    if (!his || !writing) return false
    clearTimeout(writing.timer)
    writing.subscription.close()
    his.delete(conversationId)
    if (his.size === 0) writings.delete(userId)
    return true
  }

  return {
    async set(viewer, conversationId, typing) {
      const { userId } = viewer
      if (!(await conversations.findMember(viewer, conversationId))) throw notFound('Conversation')
      if (typing) await requireOpenConversation(database.readSql, conversationId, userId)
      const writing = writings.get(userId)?.get(conversationId)
      if (!typing) end(conversationId, userId)
      else if (writing) prolong(writing, userId)
      else begin(conversationId, userId)
    },
    disconnected(userId) {
      for (const conversationId of writings.get(userId)?.keys() ?? []) end(conversationId, userId)
    },
    close() {
      for (const [userId, his] of writings) for (const conversationId of his.keys()) forget(conversationId, userId)
    },
  }
}
