import type { Message } from '../client/fragments.ts'
import type { Outgoing } from './outbox.ts'

// All rows are made anew with each change, and dates are slow.
const moments = new WeakMap<Message, { time: number; day: number }>()

const PAUSE = 5 * 60_000 // ms after which a sender is named again

export type Row =
  | { type: 'message'; key: string; message: Message; isContinued: boolean; day: string | null; isFirstUnread: boolean }
  | { type: 'outgoing'; key: string; item: Outgoing }

interface Seen {
  viewerId: string
  /** How far the viewer had read when he came. */
  readSeq: number | null
  /** Whether there are messages before these, and after them. */
  hasOlder: boolean
  hasNewer: boolean
}

/**
 * What the history shows, one below the other.
 *
 * What stands above a message decides how it is shown. So the oldest one waits until more has come: no row changes its
 * height then, and what is read keeps its place.
 */
export function rowsOf(
  messages: readonly Message[],
  outgoing: readonly Outgoing[],
  { viewerId, readSeq, hasOlder, hasNewer }: Seen,
): Row[] {
  const isUnread = ({ seq, sender, kind }: Message) =>
    readSeq !== null && seq > readSeq && sender.id !== viewerId && kind !== 'SYSTEM'
  // It may stand further back than what has been loaded.
  const isReadTo = readSeq !== null && messages[0] && messages[0].seq <= readSeq + 1
  const firstUnread = isReadTo ? messages.find(isUnread) : undefined
  const rows: Row[] = messages.map((message, index) => {
    const before = messages[index - 1]
    const isNewDay = !before || momentOf(before).day !== momentOf(message).day
    const isFirstUnread = message === firstUnread
    return {
      type: 'message',
      key: message.id,
      message,
      day: isNewDay ? message.createdAt : null,
      isFirstUnread,
      isContinued: !isNewDay && !isFirstUnread && !!before && isContinuation(before, message),
    }
  })
  if (hasOlder) rows.shift()
  if (hasNewer) return rows
  for (const item of stillUnderWay(messages, outgoing, viewerId)) {
    rows.push({ type: 'outgoing', key: item.clientId, item })
  }
  return rows
}

function isContinuation(before: Message, message: Message): boolean {
  return (
    before.kind !== 'SYSTEM' &&
    message.kind !== 'SYSTEM' &&
    before.sender.id === message.sender.id &&
    !message.replyTo &&
    momentOf(message).time - momentOf(before).time < PAUSE
  )
}

/** When it was written, in ms, and from when its day is, where the viewer is. */
function momentOf(message: Message): { time: number; day: number } {
  let moment = moments.get(message)
  if (!moment) {
    const time = Date.parse(message.createdAt)
    moment = { time, day: new Date(time).setHours(0, 0, 0, 0) }
    moments.set(message, moment)
  }
  return moment
}

/** The event of a message may come before the answer to its sending: then it is there already, if it wasn't refused. */
function stillUnderWay(messages: readonly Message[], outgoing: readonly Outgoing[], viewerId: string): Outgoing[] {
  const claimed = new Set<string>()
  return outgoing.filter(({ afterSeq, content, mediaUrl, fault }) => {
    if (fault !== null) return true
    const stored = messages.findLast(
      (message) =>
        message.seq > afterSeq &&
        message.sender.id === viewerId &&
        message.content === content &&
        (message.mediaUrl ?? null) === mediaUrl &&
        !claimed.has(message.id),
    )
    if (stored) claimed.add(stored.id)
    return !stored
  })
}
