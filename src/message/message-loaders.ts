import DataLoader from 'dataloader'
import type { Database } from '../database/database.ts'
import type { Conversation } from '../generated/prisma/client.ts'
import type { MessageRow } from '../log/change.ts'
import type { LogReader } from '../log/reader.ts'

/** How far the others of a conversation have come, the slowest of them counting. */
export interface OthersMarks {
  readSeq: number
  deliveredSeq: number
}

/**
 * What messages lead to, asked for in one go by all messages of a page. Nothing is kept: a subscription
 * lives long, and must see each time how things stand.
 */
export interface MessageLoaders {
  conversation(message: MessageRow): Promise<Conversation>
  message(id: string): Promise<MessageRow | null>
  messageAt(conversationId: string, seq: number): Promise<MessageRow | null>
  /** Null where the sender is alone. */
  othersMarks(message: MessageRow): Promise<OthersMarks | null>
}

export function createMessageLoaders({ read }: Database, reader: LogReader): MessageLoaders {
  const conversations = uncached(async (ids: readonly string[]) => {
    const found = await read.conversation.findMany({ where: { id: { in: [...new Set(ids)] } } })
    return inOrder(ids, found, ({ id }) => id)
  })
  const messages = uncached(async (ids: readonly string[]) =>
    inOrder(ids, await reader.messages([...new Set(ids)]), ({ id }) => id),
  )
  const places = uncached(async (keys: readonly { conversationId: string; seq: number }[]) =>
    inOrder(keys.map(placeKey), await reader.messagesAt(keys), placeKey),
  )
  const marks = uncached((keys: readonly { conversationId: string; senderId: string }[]) => {
    const distinct = new Map(keys.map((key) => [markKey(key), key]))
    const loading = new Map([...distinct].map(([id, key]) => [id, marksWithout(key.conversationId, key.senderId)]))
    return Promise.all(keys.map((key) => loading.get(markKey(key)) ?? null))
  })

  async function marksWithout(conversationId: string, userId: string): Promise<OthersMarks | null> {
    const { _min } = await read.member.aggregate({
      where: { conversationId, userId: { not: userId } },
      _min: { readSeq: true, deliveredSeq: true },
    })
    return _min.readSeq === null || _min.deliveredSeq === null
      ? null
      : { readSeq: _min.readSeq, deliveredSeq: _min.deliveredSeq }
  }

  return {
    async conversation({ conversationId }) {
      const conversation = await conversations.load(conversationId)
      if (!conversation) throw new Error(`A message outlived its conversation ${conversationId}`)
      return conversation
    },
    message: (id) => messages.load(id),
    messageAt: (conversationId, seq) => places.load({ conversationId, seq }),
    othersMarks: ({ conversationId, senderId }) => marks.load({ conversationId, senderId }),
  }
}

function uncached<Key, Value>(load: (keys: readonly Key[]) => Promise<Value[]>) {
  return new DataLoader<Key, Value>(load, { cache: false, maxBatchSize: 500 })
}

function placeKey({ conversationId, seq }: { conversationId: string; seq: number }): string {
  return `${conversationId} ${seq}`
}

function markKey({ conversationId, senderId }: { conversationId: string; senderId: string }): string {
  return `${conversationId} ${senderId}`
}

function inOrder<Value>(keys: readonly string[], found: Value[], keyOf: (value: Value) => string): (Value | null)[] {
  const byKey = new Map(found.map((value) => [keyOf(value), value]))
  return keys.map((key) => byKey.get(key) ?? null)
}
