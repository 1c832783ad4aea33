import { forUpdate, type SqlConnection } from '../database/sql-connection.ts'
import { badInput, conflict, notFound } from '../errors.ts'
import { type ConversationKind, Prisma, type User } from '../generated/prisma/client.ts'
import { appendMessages, type NewMessage } from './append-messages.ts'
import { findBlocked, type UserPair } from './blocked-pairs.ts'
import type { LogEvent, MessageRow } from './change.ts'
import { type Draft, fingerprint, keyOf, memberKey, type Outcome } from './draft.ts'
import { inList, inPairs, MEMBER_KEY, queryMessages } from './message-sql.ts'
import { storeMentions } from './store-mentions.ts'

/**
 * Stores a group of drafts in a few statements, whatever its size; one that can't be stored gets an error
 * of its own. The log's counter is taken late, so that it is held briefly.
 */
export async function insertDrafts(connection: SqlConnection, drafts: Draft[], events: LogEvent[]): Promise<Outcome[]> {
  const outcomes = new Map<Draft, Outcome>()
  const firstOf = new Map(drafts.toReversed().map((draft) => [keyOf(draft), draft]))
  const distinct = drafts.filter((draft) => firstOf.get(keyOf(draft)) === draft)
  const repeated = drafts.filter((draft) => firstOf.get(keyOf(draft)) !== draft)

  const stored = await findStored(connection, distinct)
  const answered = await findAnswered(connection, distinct)
  const isBlocked = await findBlocked(connection, distinct.flatMap(peers))
  const fresh = distinct.filter((draft) => {
    const message = stored.get(keyOf(draft))
    if (message) outcomes.set(draft, sameOrConflict(message, draft))
    else if (peers(draft).some(isBlocked)) outcomes.set(draft, { error: notFound('User') })
    else if (draft.replyToId && answered.get(draft.replyToId) !== draft.conversationId) {
      outcomes.set(draft, { error: badInput('replyToId', 'replyToId must be a message of the same conversation.') })
    }
    return !outcomes.has(draft)
  })

  const senders = await findSenders(connection, fresh, events)
  const accepted = fresh.filter((draft) => {
    const seat = senders.get(memberKey(draft))
    // Only one that names the other side may go into a direct conversation.
    if (seat && (seat.kind === 'GROUP' || draft.peerId !== null)) return true
    outcomes.set(draft, { error: notFound(draft.peerId === null ? 'Conversation' : 'User') })
    return false
  })
  const messages = await appendMessages(
    connection,
    accepted.map((draft) => toNewMessage(draft, (senders.get(memberKey(draft)) as Seat).sender)),
  )
  await storeMentions(connection, messages)
  for (const [index, message] of messages.entries()) {
    outcomes.set(accepted[index] as Draft, { message })
    events.push({ type: 'changed', message })
  }

  // What stands under their keys is stored by now, or was refused.
  const later = repeated.length > 0 ? await insertDrafts(connection, repeated, events) : []
  for (const [index, draft] of repeated.entries()) outcomes.set(draft, later[index] as Outcome)
  return drafts.map((draft) => outcomes.get(draft) as Outcome)
}

/** The two of a direct conversation. */
function peers({ senderId, peerId }: Draft): UserPair[] {
  return peerId === null ? [] : [[senderId, peerId]]
}

function toNewMessage(draft: Draft, sender: User): NewMessage {
  const { conversationId, kind, content, mediaUrl, replyToId, clientId } = draft
  const print = clientId === null ? null : fingerprint(draft)
  return { conversationId, sender, kind, content, mediaUrl, replyToId, clientId, fingerprint: print }
}

function sameOrConflict(message: MessageRow, draft: Draft): Outcome {
  if (message.fingerprint === fingerprint(draft)) return { message }
  return { error: conflict('clientId', 'Another message was sent under this clientId: take a new one.') }
}

/** Messages stored before under the drafts' keys. */
async function findStored(connection: SqlConnection, drafts: Draft[]): Promise<Map<string | Draft, MessageRow>> {
  const keys = drafts.flatMap(({ senderId, clientId }): [string, string][] =>
    clientId === null ? [] : [[senderId, clientId]],
  )
  if (keys.length === 0) return new Map()
  const pairs = inPairs(Prisma.sql`m."senderId"`, Prisma.sql`m."clientId"`, keys)
  const messages = await queryMessages(connection, Prisma.sql`WHERE ${pairs}`)
  return new Map(messages.map((message) => [`${message.senderId} ${message.clientId}`, message]))
}

/** A sender's place in a conversation. */
interface Seat {
  sender: User
  kind: ConversationKind
}

/** The senders who are members of where they send to, by `memberKey`; they stay so until the transaction ends. */
async function findSenders(connection: SqlConnection, drafts: Draft[], events: LogEvent[]): Promise<Map<string, Seat>> {
  const senders = await queryMembers(connection, drafts)
  const first = drafts.filter((draft) => draft.peerId !== null && !senders.has(memberKey(draft)))
  if (first.length === 0) return senders
  for (const draft of first) await createDirectConversation(connection, draft, events)
  return new Map([...senders, ...(await queryMembers(connection, first))])
}

async function queryMembers(connection: SqlConnection, drafts: Draft[]): Promise<Map<string, Seat>> {
  if (drafts.length === 0) return new Map()
  const pairs = inPairs(
    Prisma.sql`m."conversationId"`,
    Prisma.sql`m."userId"`,
    drafts.map(({ conversationId, senderId }) => [conversationId, senderId]),
  )
  const members = await connection.all<User & { conversationId: string; conversationKind: ConversationKind }>(
    Prisma.sql`SELECT u.*, m."conversationId", c."kind" AS "conversationKind"
      FROM "Member" m JOIN "User" u ON u."id" = m."userId" JOIN "Conversation" c ON c."id" = m."conversationId"
      WHERE ${pairs} AND u."deletedAt" IS NULL ${forUpdate(connection, 'm', MEMBER_KEY)}`,
  )
  return new Map(
    members.map(({ conversationId, conversationKind: kind, ...sender }) => [
      memberKey({ conversationId, senderId: sender.id }),
      { sender, kind },
    ]),
  )
}

async function createDirectConversation(connection: SqlConnection, draft: Draft, events: LogEvent[]) {
  const { conversationId, senderId, peerId } = draft
  const both = [senderId, peerId as string]
  const present = await connection.all(
    Prisma.sql`SELECT "id" FROM "User" WHERE ${inList(Prisma.sql`"id"`, both)} AND "deletedAt" IS NULL`,
  )
  const made = await connection.all(Prisma.sql`SELECT "id" FROM "Conversation" WHERE "id" = ${conversationId}`)
  if (present.length < both.length || made.length > 0) return
  const now = new Date()
  await connection.insert('Conversation', [{ id: conversationId, kind: 'DIRECT', createdAt: now }])
  await connection.insert(
    'Member',
    both.map((userId) => ({ conversationId, userId, joinedAt: now })),
  )
  for (const userId of both) events.push({ type: 'entered', conversationId, userId })
}

/** The conversations of the messages that the drafts reply to. */
async function findAnswered(connection: SqlConnection, drafts: Draft[]): Promise<Map<string, string>> {
  const ids = drafts.flatMap(({ replyToId }) => replyToId ?? [])
  if (ids.length === 0) return new Map()
  const messages = await connection.all<Pick<MessageRow, 'id' | 'conversationId'>>(
    Prisma.sql`SELECT "id", "conversationId" FROM "Message" WHERE ${inList(Prisma.sql`"id"`, ids)}`,
  )
  return new Map(messages.map(({ id, conversationId }) => [id, conversationId]))
}
