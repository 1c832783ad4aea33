import { hash } from 'node:crypto'
import type { MessageKind } from '../generated/prisma/client.ts'
import type { MessageRow } from './change.ts'

/** A message on its way into the log. */
export interface Draft {
  conversationId: string
  senderId: string
  /** The other one of a direct conversation, which comes into being with its first message. */
  peerId: string | null
  kind: Exclude<MessageKind, 'SYSTEM'>
  content: string | null
  mediaUrl: string | null
  replyToId: string | null
  /** The sender's own key for it. */
  clientId: string | null
}

export type Outcome = { message: MessageRow } | { error: unknown }

/** What a draft is known by: the sender's own key, or nothing but itself. */
export function keyOf(draft: Draft): string | Draft {
  return draft.clientId === null ? draft : `${draft.senderId} ${draft.clientId}`
}

export function memberKey({ conversationId, senderId }: { conversationId: string; senderId: string }): string {
  return `${conversationId} ${senderId}`
}

/** Kept with the message, whose content may change later. */
export function fingerprint({ conversationId, kind, content, mediaUrl, replyToId }: Draft): string {
  const parts = JSON.stringify([conversationId, kind, content, mediaUrl, replyToId])
  return hash('sha256', parts, 'base64url')
}
