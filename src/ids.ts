import { createHash } from 'node:crypto'
import { v7 as uuid } from 'uuid'
import { badInput } from './errors.ts'

/** A new row's id: a UUID that sorts by its time. */
export function newId(): string {
  return uuid()
}

const NODE_TYPES = ['User', 'Session', 'Group', 'DirectConversation', 'Message'] as const

export type NodeType = (typeof NODE_TYPES)[number]

/** The id that clients see: opaque, and unique over all types. */
export function encodeId(type: NodeType, id: string): string {
  return encodeOpaque(`${type}:${id}`)
}

/**
 * Base64url, in a third of the time that a Buffer takes: a page has some hundred ids and cursors.
 * @param text of letters, digits and `_.:-`, of which base64 makes neither + nor /
 */
export function encodeOpaque(text: string): string {
  // Without what base64 is filled up with.
  return btoa(text).slice(0, Math.ceil((text.length * 4) / 3))
}

/** @returns null where the string is no id of ours */
export function decodeAnyId(globalId: string): { type: NodeType; id: string } | null {
  const [, name, id] = /^(\w+):([\w-]{1,64})$/.exec(Buffer.from(globalId, 'base64url').toString()) ?? []
  const type = NODE_TYPES.find((known) => known === name)
  return type && id ? { type, id } : null
}

/**
 * @param field the argument that it came in, for the error
 * @throws ChatError BAD_USER_INPUT where it isn't the id of one of these types
 */
export function decodeId(globalId: string, types: NodeType | NodeType[], field: string): string {
  const decoded = decodeAnyId(globalId)
  if (decoded && (typeof types === 'string' ? types === decoded.type : types.includes(decoded.type))) return decoded.id
  throw badInput(field, `${field} must be the id of a ${[types].flat().join(' or a ')}.`)
}

/** A direct conversation's id follows from its two users, so that it can be listened to before its first message. */
export function directConversationId(userId: string, peerId: string): string {
  return createHash('sha256').update([userId, peerId].toSorted().join(' ')).digest('base64url').slice(0, 22)
}

export function isDirectConversationId(id: string): boolean {
  return id.length === 22
}
