import type { Conversation, Message } from '../client/fragments.ts'
import type { Place } from '../route.ts'

/** What a conversation is called: the group's name, or the other one's. */
export function nameOf(conversation: Conversation): string {
  return conversation.__typename === 'Group' ? conversation.name : conversation.peer.displayName
}

export function pictureOf(conversation: Conversation): string | null {
  return conversation.__typename === 'Group' ? (conversation.avatarUrl ?? null) : (conversation.peer.avatarUrl ?? null)
}

const KINDS: Partial<Record<Message['kind'], string>> = {
  IMAGE: 'Picture',
  VIDEO: 'Video',
  AUDIO: 'Sound',
  FILE: 'File',
}

/** A message in a few words. */
export function gist({ kind, content, deletedAt }: Pick<Message, 'kind' | 'content' | 'deletedAt'>): string {
  if (deletedAt) return 'Message deleted'
  return content?.trim() || KINDS[kind] || ''
}

/** Whether it is what is open. */
export function isAt(place: Place | null, conversation: Conversation): boolean {
  if (place?.type === 'user') {
    return conversation.__typename === 'DirectConversation' && conversation.peer.id === place.id
  }
  return place?.id === conversation.id
}
