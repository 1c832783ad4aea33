import type { Transaction } from '../database/database.ts'
import { withinPrisma } from '../database/sql-connection.ts'
import { badInput, conflict, notFound } from '../errors.ts'
import { Prisma, type User } from '../generated/prisma/client.ts'
import { appendDrafts } from './append-drafts.ts'
import type { LogEvent, MessageRow } from './change.ts'
import { type Draft, fingerprint, keyOf, memberKey, type Outcome } from './draft.ts'
import { inPairs, queryMessages } from './message-sql.ts'

/**
 * Stores a group of drafts in a few statements, whatever its size; one that can't be stored gets an error
 * of its own. The log's counter is taken late, so that it is held briefly.
 */
export async function insertDrafts(tx: Transaction, drafts: Draft[], events: LogEvent[]): Promise<Outcome[]> {
  const outcomes = new Map<Draft, Outcome>()
  const firstOf = new Map(drafts.toReversed().map((draft) => [keyOf(draft), draft]))
  const distinct = drafts.filter((draft) => firstOf.get(keyOf(draft)) === draft)
  const repeated = drafts.filter((draft) => firstOf.get(keyOf(draft)) !== draft)

  const stored = await findStored(tx, distinct)
  const answered = await findAnswered(tx, distinct)
  const fresh = distinct.filter((draft) => {
    const message = stored.get(keyOf(draft))
    if (message) outcomes.set(draft, sameOrConflict(message, draft))
    else if (draft.replyToId && answered.get(draft.replyToId) !== draft.conversationId) {
      outcomes.set(draft, { error: badInput('replyToId', 'replyToId must be a message of the same conversation.') })
    }
    return !outcomes.has(draft)
  })

  const senders = await findSenders(tx, fresh, events)
  const accepted = fresh.filter((draft) => {
    const isSender = senders.has(memberKey(draft))
    if (!isSender) outcomes.set(draft, { error: notFound(draft.peerId === null ? 'Conversation' : 'User') })
    return isSender
  })
  for (const { draft, message } of await appendDrafts(tx, accepted, senders)) {
    outcomes.set(draft, { message })
    events.push({ type: 'changed', message })
  }

  // What stands under their keys is stored by now, or was refused.
  const later = repeated.length > 0 ? await insertDrafts(tx, repeated, events) : []
  for (const [index, draft] of repeated.entries()) outcomes.set(draft, later[index] as Outcome)
  return drafts.map((draft) => outcomes.get(draft) as Outcome)
}

function sameOrConflict(message: MessageRow, draft: Draft): Outcome {
  if (message.fingerprint === fingerprint(draft)) return { message }
  return { error: conflict('clientId', 'Another message was sent under this clientId: take a new one.') }
}

/** Messages stored before under the drafts' keys. */
async function findStored(tx: Transaction, drafts: Draft[]): Promise<Map<string | Draft, MessageRow>> {
  const keys = drafts.flatMap(({ senderId, clientId }): [string, string][] =>
    clientId === null ? [] : [[senderId, clientId]],
  )
  if (keys.length === 0) return new Map()
  const pairs = inPairs(Prisma.sql`m."senderId"`, Prisma.sql`m."clientId"`, keys)
  const messages = await queryMessages(withinPrisma(tx), Prisma.sql`WHERE ${pairs}`)
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

/** Only a draft that names the other side may go into a direct conversation. */
function queryMembers(tx: Transaction, drafts: Draft[]) {
  const direct = drafts.filter(({ peerId }) => peerId !== null).map(({ conversationId }) => conversationId)
  const pairs = inPairs(
    Prisma.sql`m."conversationId"`,
    Prisma.sql`m."userId"`,
    drafts.map(({ conversationId, senderId }) => [conversationId, senderId]),
  )
  const isGroup = Prisma.sql`c."kind" = 'GROUP'`
  return tx.$queryRaw<(User & { conversationId: string; senderId: string })[]>`
    SELECT u.*, u."id" AS "senderId", m."conversationId"
    FROM "Member" m JOIN "User" u ON u."id" = m."userId" JOIN "Conversation" c ON c."id" = m."conversationId"
    WHERE ${pairs} AND u."deletedAt" IS NULL
      AND ${direct.length > 0 ? Prisma.sql`(${isGroup} OR c."id" IN (${Prisma.join(direct)}))` : isGroup}`
}

async function createDirectConversation(tx: Transaction, draft: Draft, events: LogEvent[]) {
  const { conversationId, senderId, peerId } = draft
  const both = [senderId, peerId as string]
  const present = await tx.user.count({ where: { id: { in: both }, deletedAt: null } })
  if (present < both.length || (await tx.conversation.findUnique({ where: { id: conversationId } }))) return
  const now = new Date()
  await tx.conversation.create({ data: { id: conversationId, kind: 'DIRECT', createdAt: now } })
  for (const userId of both) {
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
