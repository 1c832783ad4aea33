import type { SqlConnection } from '../../src/database/sql-connection.ts'
import { takePositions } from '../../src/log/append-messages.ts'
import { indexMessages } from '../../src/log/message-index.ts'
import { storeMentions } from '../../src/log/store-mentions.ts'
import { foldText } from '../../src/text.ts'
import type { Draw } from './chances.ts'
import type { InventedLog, LoggedConversation } from './invent-log.ts'
import { inventText } from './invent-texts.ts'

const STEP = 500 // rows in one statement
const EMOJI = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '🔥']
const ANSWERABLE = 8 // the latest messages of a conversation

export type ReportWritten = (done: number) => void

/** Writes an invented log at the end of the server's, as the server would have, had all of it been sent. */
export async function writeLog(
  sql: SqlConnection,
  draw: Draw,
  log: InventedLog,
  onWritten: ReportWritten,
): Promise<void> {
  const start = Number(await takePositions(sql, log.places)) - log.places
  await inSteps(log.conversations, (some) =>
    sql.insert(
      'Conversation',
      some.map((one) => conversationRow(one, start)),
    ),
  )
  await inSteps(log.conversations.flatMap(memberRows), (some) => sql.insert('Member', some))

  onWritten(0)
  const nextMessage = followLog(draw, log, start)
  for (let done = 0; done < log.order.length; done += STEP) {
    const written = [...log.order.subarray(done, done + STEP)].map(nextMessage)
    const messages = written.map(({ message }) => message)
    await sql.insert('Message', messages)
    await indexMessages(sql, messages)
    await storeMentions(sql, messages)
    await sql.insert(
      'Reaction',
      written.flatMap(({ reactions }) => reactions),
    )
    onWritten(Math.min(done + STEP, log.order.length))
  }
}

export async function inSteps<Row>(rows: Row[], write: (some: Row[]) => Promise<void>): Promise<void> {
  for (let done = 0; done < rows.length; done += STEP) await write(rows.slice(done, done + STEP))
}

function conversationRow(conversation: LoggedConversation, start: number) {
  const { id, kind, name, visibility, createdAt, lastSeq, textCount, position, activity } = conversation
  const nameKey = name === null ? null : foldText(name)
  const heads = { lastSeq, textCount, position: BigInt(start + position), activity: BigInt(start + activity) }
  return { id, kind, name, nameKey, visibility, createdAt, ...heads }
}

function memberRows({ id, kind, members, createdAt, lastSeq, readSeq, ownUnread }: LoggedConversation) {
  const arrivals = kind === 'GROUP' ? members.length : 0
  return members.map((member, index) => ({
    conversationId: id,
    userId: member.id,
    role: kind === 'GROUP' && index === 0 ? 'OWNER' : 'MEMBER',
    joinedAt: createdAt,
    readSeq: readSeq[index] ?? 0,
    deliveredSeq: lastSeq,
    readTextCount: Math.max(0, (readSeq[index] ?? 0) - arrivals),
    skippedCount: ownUnread[index] ?? 0,
  }))
}

/** @returns what is to be called with each message's index, in their order */
function followLog(draw: Draw, log: InventedLog, start: number) {
  const { conversations, times, conversationOf, senderOf, isOfServer } = log
  const heads = conversations.map(() => ({ seq: 0, texts: 0, position: 0n, recent: [] as string[] }))
  let place = start

  return (index: number) => {
    const number = conversationOf[index] ?? 0
    const [conversation, head] = [conversations[number], heads[number]]
    const sender = conversation?.members[senderOf[index] ?? 0]
    if (!conversation || !head || !sender) throw new Error('A message without a conversation')
    const isSystem = isOfServer[index] === 1
    const createdAt = new Date(times[index] ?? 0)
    const createdPosition = BigInt(++place)
    const count = log.reactions[index] ?? 0
    place += count
    head.seq++
    if (!isSystem) head.texts++
    const message = {
      id: draw.id(createdAt),
      conversationId: conversation.id,
      seq: head.seq,
      textOrdinal: head.texts,
      senderId: sender.id,
      kind: isSystem ? ('SYSTEM' as const) : ('TEXT' as const),
      content: isSystem ? arrival(head.seq) : addressed(draw, conversation),
      replyToId: !isSystem && head.recent.length > 0 && draw.next() < 0.06 ? draw.pick(head.recent) : null,
      createdAt,
      createdPosition,
      position: BigInt(place),
      // Each reaction is a change of its own, the message's latest.
      previousPosition: count > 0 ? BigInt(place - 1) : head.position,
      reactionCount: count,
    }
    head.position = message.position
    if (!isSystem) head.recent = [message.id, ...head.recent.slice(0, ANSWERABLE - 1)]
    return { message, reactions: reactionsTo(draw, message, conversation) }
  }
}

function arrival(seq: number): string {
  return seq === 1 ? 'created the group' : 'was added to the group'
}

function addressed(draw: Draw, { kind, members }: LoggedConversation): string {
  const text = inventText(draw)
  return kind === 'GROUP' && draw.next() < 0.03 ? `@${draw.pick(members).username} ${text}` : text
}

/** From different members, the demo users as any others. */
function reactionsTo(
  draw: Draw,
  { id, createdPosition, reactionCount }: { id: string; createdPosition: bigint; reactionCount: number },
  { members }: LoggedConversation,
) {
  const first = draw.below(members.length)
  return Array.from({ length: reactionCount }, (_, index) => ({
    messageId: id,
    userId: members[(first + index) % members.length]?.id,
    emoji: draw.pick(EMOJI, 2),
    position: createdPosition + BigInt(index + 1),
  }))
}
