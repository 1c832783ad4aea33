import mime from 'mime'
import { badInput } from '../errors.ts'
import type { MessageKind } from '../generated/prisma/client.ts'
import { isStorable } from '../text.ts'

const LONGEST_CONTENT = 4_000 // characters
const LONGEST_CLIENT_ID = 128 // characters

/** What people send: an argument left out and null mean the same. */
export interface MessageInput {
  content?: string | null | undefined
  mediaUrl?: string | null | undefined
  kind?: MessageKind | null | undefined
  replyToId?: string | null | undefined
  clientId?: string | null | undefined
}

/**
 * What is stored of a message, checked.
 * @throws ChatError BAD_USER_INPUT naming the field
 */
export function checkMessage({ content, mediaUrl, kind, replyToId, clientId }: MessageInput) {
  const media = mediaUrl ?? null
  if (clientId != null && (clientId.length === 0 || clientId.length > LONGEST_CLIENT_ID || !isStorable(clientId))) {
    throw badInput('clientId', `clientId must have 1 to ${LONGEST_CLIENT_ID} characters.`)
  }
  return {
    content: checkContent(content ?? null, media),
    mediaUrl: media,
    kind: checkKind(kind ?? null, media),
    replyToId: replyToId ?? null,
    clientId: clientId ?? null,
  }
}

/** @throws ChatError BAD_USER_INPUT where it is empty without a media URL, too long, or no text */
export function checkContent(content: string | null, mediaUrl: string | null): string | null {
  const text = content ?? ''
  if (!isStorable(text))
    throw badInput('content', 'content holds characters that are no text (NUL or half a surrogate pair).')
  if (text.trim() === '' && mediaUrl === null) throw badInput('content', 'Write something, or give a mediaUrl.')
  // Characters as people count them: an emoji outside the basic plane is one.
  if (text.length > LONGEST_CONTENT && [...text].length > LONGEST_CONTENT) {
    throw badInput('content', `content holds at most ${LONGEST_CONTENT} characters.`)
  }
  return content
}

function checkKind(kind: MessageKind | null, mediaUrl: string | null): Exclude<MessageKind, 'SYSTEM'> {
  if (kind === 'SYSTEM') throw badInput('kind', 'SYSTEM messages are the server’s.')
  if (kind && kind !== 'TEXT' && mediaUrl === null)
    throw badInput('kind', `A message of kind ${kind} needs a mediaUrl.`)
  return kind ?? kindOfMedia(mediaUrl)
}

/** From the file ending of the URL's path. */
function kindOfMedia(mediaUrl: string | null): Exclude<MessageKind, 'SYSTEM'> {
  if (mediaUrl === null) return 'TEXT'
  switch (mime.getType(new URL(mediaUrl).pathname)?.split('/')[0]) {
    case 'image':
      return 'IMAGE'
    case 'video':
      return 'VIDEO'
    case 'audio':
      return 'AUDIO'
    default:
      return 'FILE'
  }
}
