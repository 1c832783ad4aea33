import { createHash } from 'node:crypto'
import type { Transaction } from '../database/database.ts'
import { badInput, conflict, notFound } from '../errors.ts'
import { type MessageKind, Prisma, type User } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'
import type { LogEvent, MessageRow } from './change.ts'
import { takePositions } from './log-transaction.ts'
import { inPairs, queryMessages } from './message-sql.ts'

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

/**
 * Stores a group of drafts in a few statements, whatever its size; one that can't be stored gets an error
 * of its own. The log's counter is taken late, so that it is held briefly.
 */
export async function insertDrafts(tx: Transaction, drafts: Draft[], events: LogEvent[]): Promise<Outcome[]> {
  const outcomes = new Map<Draft, Outcome>()
  const firstOf = new Map(drafts.toReversed().map((draft) => [keyOf(draft), draft]))
  const distinct = drafts.filter((draft) => firstOf.get(keyOf(draft)) === draft)

  const stored = await findStored(tx, distinct)
  const fresh = distinct.filter((draft) => {
    const message = stored.get(keyOf(draft))
    if (message) outcomes.set(draft, sameOrConflict(message.fingerprint, draft, { message }))
    return !message
  })

  const senders = await findSenders(tx, fresh, events)
  const answered = await findAnswered(tx, fresh)
  const accepted = fresh.filter((draft) => {
    const error = !senders.has(memberKey(draft))
      ? notFound('Conversation')
      : draft.replyToId && answered.get(draft.replyToId) !== draft.conversationId
        ? badInput('replyToId', 'replyToId must be a message of the same conversation.')
        : null
    if (error) outcomes.set(draft, { error })
    return !error
  })

  for (const { draft, message } of await append(tx, accepted, senders)) {
    outcomes.set(draft, { message })
    events.push({ type: 'changed', message })
  }
  return drafts.map((draft) => {
    const first = firstOf.get(keyOf(draft)) as Draft
    const outcome = outcomes.get(first) as Outcome
    return first === draft ? outcome : sameOrConflict(fingerprint(first), draft, outcome)
  })
}

/** What a draft is known by: the sender's own key, or nothing but itself. */
function keyOf(draft: Draft): string | Draft {
  return draft.clientId === null ? draft : `${draft.senderId} ${draft.clientId}`
}

function memberKey({ conversationId, senderId }: { conversationId: string; senderId: string }): string {
  return `${conversationId} ${senderId}`
}

/** Kept with the message, whose content may change later. */
function fingerprint({ conversationId, kind, content, mediaUrl, replyToId }: Draft): string {
  const parts = JSON.stringify([conversationId, kind, content, mediaUrl, replyToId])
  return createHash('sha256').update(parts).digest('base64url')
}

function sameOrConflict(first: string | null, draft: Draft, outcome: Outcome): Outcome {
  if (first === fingerprint(draft)) return outcome
  return { error: conflict('clientId', 'Another message was sent under this clientId: take a new one.') }
}

/** Messages stored before under the drafts' keys. */
async function findStored(tx: Transaction, drafts: Draft[]): Promise<Map<string | Draft, MessageRow>> {
  const keys = drafts.flatMap(({ senderId, clientId }): [string, string][] =>
    clientId === null ? [] : [[senderId, clientId]],
  )
  if (keys.length === 0) return new Map()
  const pairs = inPairs(Prisma.sql`m."senderId"`, Prisma.sql`m."clientId"`, keys)
  const messages = await queryMessages(tx, Prisma.sql`WHERE ${pairs}`)
  return new Map(messages.map((message) => [`${message.senderId} ${message.clientId}`, message]))
}

/** The senders who are members of where they send to, by `memberKey`. */
async function findSenders(tx: Transaction, drafts: Draft[], events: LogEvent[]): Promise<Map<string, User>> {
  const senders = new Map<string, User>()
  if (drafts.length === 0) return senders
  for (const sender of await queryMembers(tx, drafts)) senders.set(memberKey(sender), sender)

  const first = drafts.filter((draft) => draft.peerId !== null && !senders.has(memberKey(draft)))
  if (first.length === 0) return senders
  for (const draft of first) await createDirectConversation(tx, draft, events)
  for (const sender of await queryMembers(tx, first)) senders.set(memberKey(sender), sender)
  return senders
}

function queryMembers(tx: Transaction, drafts: Draft[]) {
  const pairs = inPairs(
    Prisma.sql`m."conversationId"`,
    Prisma.sql`m."userId"`,
    drafts.map(({ conversationId, senderId }) => [conversationId, senderId]),
  )
  return tx.$queryRaw<(User & { conversationId: string; senderId: string })[]>`
    SELECT u.*, u."id" AS "senderId", m."conversationId"
    FROM "Member" m JOIN "User" u ON u."id" = m."userId"
    WHERE ${pairs} AND u."deletedAt" IS NULL`
}

async function createDirectConversation(
  tx: Transaction,
  { conversationId, senderId, peerId }: Draft,
  events: LogEvent[],
) {
  if (await tx.conversation.findUnique({ where: { id: conversationId } })) return
  const now = new Date()
  await tx.conversation.create({ data: { id: conversationId, kind: 'DIRECT', createdAt: now } })
  for (const userId of [senderId, peerId as string]) {
    await tx.member.create({ data: { conversationId, userId, joinedAt: now } })
    events.push({ type: 'entered', conversationId, userId })
  }
}

/** The conversations of the messages that the drafts reply to. */
async function findAnswered(tx: Transaction, drafts: Draft[]): Promise<Map<string, string>> {
  const ids = drafts.flatMap(({ replyToId }) => replyToId ?? [])
  if (ids.length === 0) return new Map()
  const messages = await tx.message.findMany({
    where: { id: { in: ids } },
    select: { id: true, conversationId: true },
  })
  return new Map(messages.map(({ id, conversationId }) => [id, conversationId]))
}

async function append(tx: Transaction, drafts: Draft[], senders: Map<string, User>) {
  if (drafts.length === 0) return []
  const createdAt = new Date()
  const lastPosition = await takePositions(tx, drafts.length)
  const heads = await tx.conversation.findMany({
    where: { id: { in: drafts.map(({ conversationId }) => conversationId) } },
    select: { id: true, lastSeq: true, textCount: true, position: true },
  })
  const headOf = new Map(heads.map((head) => [head.id, head]))

  let position = lastPosition - BigInt(drafts.length)
  const appended = drafts.map((draft) => {
    const { peerId: _, ...columns } = draft
    const head = headOf.get(draft.conversationId)
    const sender = senders.get(memberKey(draft))
    if (!head || !sender) throw new Error(`The conversation ${draft.conversationId} vanished in its own transaction`)
    const message: MessageRow = {
      ...columns,
      id: newId(),
      seq: ++head.lastSeq,
      textOrdinal: ++head.textCount,
      fingerprint: draft.clientId === null ? null : fingerprint(draft),
      createdAt,
      editedAt: null,
      deletedAt: null,
      createdPosition: ++position,
      position,
      previousPosition: head.position,
      sender,
    }
    head.position = position
    return { draft, message }
  })

  await insertMessages(
    tx,
    appended.map(({ message }) => message),
  )
  for (const { id, lastSeq, textCount, position } of heads) {
    await tx.$executeRaw`UPDATE "Conversation" SET
      "lastSeq" = ${lastSeq}, "textCount" = ${textCount}, "position" = ${position}, "activity" = ${position}
      WHERE "id" = ${id}`
  }
  for (const { conversationId, senderId } of drafts) {
    await tx.$executeRaw`UPDATE "Member" SET "skippedCount" = "skippedCount" + 1
      WHERE "conversationId" = ${conversationId} AND "userId" = ${senderId}`
  }
  return appended
}

async function insertMessages(tx: Transaction, messages: MessageRow[]) {
  const rows = messages.map(
    (m) => Prisma.sql`(${m.id}, ${m.conversationId}, ${m.seq}, ${m.textOrdinal}, ${m.senderId}, ${m.kind}, ${m.content},
      ${m.mediaUrl}, ${m.replyToId}, ${m.clientId}, ${m.fingerprint}, ${m.createdAt}, ${m.createdPosition},
      ${m.position}, ${m.previousPosition})`,
  )
  await tx.$executeRaw`INSERT INTO "Message" ("id", "conversationId", "seq", "textOrdinal", "senderId", "kind", "content",
    "mediaUrl", "replyToId", "clientId", "fingerprint", "createdAt", "createdPosition", "position", "previousPosition")
    VALUES ${Prisma.join(rows)}`
}
