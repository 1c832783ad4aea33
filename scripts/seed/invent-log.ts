import { directConversationId } from '../../src/ids.ts'
import type { Draw } from './chances.ts'
import type { InventedConversation } from './invent-conversations.ts'
import { inventTimes } from './invent-times.ts'

const MOST_REACTIONS = 5 // on one message
const HAVE_READ_ALL = 0.6 // of the members
const USUAL_BACKLOG = 8 // messages that the others have not read, often many more

/** A conversation with its place in the log. */
export interface LoggedConversation extends InventedConversation {
  id: string
  createdAt: Date
  /** The seq of its newest message, and how many are of its members. */
  lastSeq: number
  textCount: number
  /** The places, from 1, of its newest message and of its latest change. */
  activity: number
  position: number
  /** By the index of a member: the last message that he has read, and how many of his own came after it. */
  readSeq: number[]
  ownUnread: number[]
}

/** All messages in the order in which they were sent. Millions of them fit into these arrays. */
export interface InventedLog {
  conversations: LoggedConversation[]
  /** Its index in the arrays, for each message in order. */
  order: Uint32Array
  times: Float64Array
  conversationOf: Uint32Array
  /** The index of its sender among the members. */
  senderOf: Uint32Array
  isOfServer: Uint8Array
  reactions: Uint8Array
  /** How many places there are: one for each message and each reaction. */
  places: number
}

/** A group begins as it does on the server: with a message of who made it, and one for each who was added. */
export function inventLog(draw: Draw, invented: InventedConversation[], since: Date, until: Date): InventedLog {
  const total = invented.reduce(
    (sum, { messages, kind, members }) => sum + messages + (kind === 'GROUP' ? members.length : 0),
    0,
  )
  const times = new Float64Array(total)
  const conversationOf = new Uint32Array(total)
  const senderOf = new Uint32Array(total)
  const isOfServer = new Uint8Array(total)
  const reactions = new Uint8Array(total)
  let filled = 0

  const conversations = invented.map((conversation, index): LoggedConversation => {
    const { kind, members, messages } = conversation
    const sent = inventTimes(draw, messages, since, until)
    const createdAt = new Date((sent[0] ?? since.getTime()) - (kind === 'GROUP' ? 60_000 : 0))
    const arrivals = kind === 'GROUP' ? members.length : 0
    for (let at = 0; at < arrivals + messages; at++, filled++) {
      const isArrival = at < arrivals
      times[filled] = isArrival ? createdAt.getTime() : (sent[at - arrivals] ?? 0)
      conversationOf[filled] = index
      senderOf[filled] = isArrival ? at : Math.floor(members.length * draw.next() ** (kind === 'GROUP' ? 2 : 1))
      isOfServer[filled] = Number(isArrival)
      reactions[filled] =
        isArrival || draw.next() > 0.08 ? 0 : Math.min(MOST_REACTIONS, members.length, Math.floor(draw.pareto(1.5)))
    }
    const lastSeq = arrivals + messages
    const readSeq = members.map(() => {
      const backlog = draw.next() < HAVE_READ_ALL ? 0 : Math.floor(USUAL_BACKLOG * draw.pareto(1))
      return lastSeq - Math.min(messages, backlog)
    })
    const id = kind === 'GROUP' ? draw.id(createdAt) : directConversationId(members[0]?.id ?? '', members[1]?.id ?? '')
    const heads = { lastSeq, textCount: messages, activity: 0, position: 0, readSeq, ownUnread: members.map(() => 0) }
    return { ...conversation, id, createdAt, ...heads }
  })

  // Stable: what came in one moment keeps its order.
  const order = Uint32Array.from(times.keys()).sort((one, other) => (times[one] ?? 0) - (times[other] ?? 0))
  const places = follow(conversations, { order, conversationOf, senderOf, isOfServer, reactions })
  return { conversations, order, times, conversationOf, senderOf, isOfServer, reactions, places }
}

/** Goes through the log once, for what the conversations have become at its end. @returns how many places it has */
function follow(
  conversations: LoggedConversation[],
  log: Pick<InventedLog, 'order' | 'conversationOf' | 'senderOf' | 'isOfServer' | 'reactions'>,
): number {
  const seqs = new Uint32Array(conversations.length)
  let place = 0
  for (const index of log.order) {
    const number = log.conversationOf[index] ?? 0
    const conversation = conversations[number]
    if (!conversation) continue
    const seq = (seqs[number] ?? 0) + 1
    seqs[number] = seq
    const sender = log.senderOf[index] ?? 0
    if (!log.isOfServer[index] && seq > (conversation.readSeq[sender] ?? 0)) {
      conversation.ownUnread[sender] = (conversation.ownUnread[sender] ?? 0) + 1
    }
    conversation.activity = ++place
    place += log.reactions[index] ?? 0
    conversation.position = place
  }
  return place
}
