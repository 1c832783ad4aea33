import type { DeliveredMarks } from '../activity/delivered-marks.ts'
import type { Viewer } from '../auth/viewer.ts'
import type { Database } from '../database/database.ts'
import { badInput, forbidden, notFound } from '../errors.ts'
import { directConversationId } from '../ids.ts'
import type { Limits } from '../limits.ts'
import type { CursorCodec } from '../log/cursor.ts'
import type { LogReader } from '../log/reader.ts'
import type { Bus } from '../realtime/bus.ts'
import type { Rooms } from '../realtime/rooms.ts'
import { type Line, type Share, Subscriber } from '../realtime/subscriber.ts'

export interface ListenOptions {
  viewer: Viewer
  /** The cursor to resume from; without one the stream starts with what comes next. */
  after?: string | null | undefined
  /** Left out where nobody else may ask for the same. */
  share?: Share | undefined
  line?: Line | undefined
  /** Called when he doesn't read what he asked for. */
  onTooSlow: () => void
}

/** Live streams of messages. Each begins with what the log holds after the cursor. */
export interface MessageFeed {
  /** @throws ChatError BAD_USER_INPUT for a cursor that can't be served */
  listenToDirect(peerId: string, options: ListenOptions): Promise<Subscriber>
  /** Ends when he is no longer a member. @throws ChatError NOT_FOUND or FORBIDDEN where he isn't one */
  listenToGroup(groupId: string, options: ListenOptions): Promise<Subscriber>
  /** Every conversation of his, those that he enters later included. */
  listenToInbox(options: ListenOptions): Promise<Subscriber>
  /** All who listen here. */
  readonly subscribers: ReadonlySet<Subscriber>
}

export function createMessageFeed(deps: {
  database: Database
  reader: LogReader
  cursors: CursorCodec
  bus: Bus
  rooms: Rooms
  deliveredMarks: DeliveredMarks
  limits: Limits
}): MessageFeed {
  const { database, reader, cursors, bus, rooms, deliveredMarks, limits } = deps
  const queueLimit = limits.waitingChanges
  const subscribers = new Set<Subscriber>()

  async function decodeAfter(after: string | null | undefined) {
    if (after == null) return null
    const place = cursors.decode(after)
    const furthest = place.catchUp?.to ?? place.position
    if (furthest > (await reader.head())) {
      throw badInput(
        'after',
        'This cursor is ahead of the log, which was restored perhaps: load the conversation anew.',
      )
    }
    return place
  }

  async function listenToConversation(conversationId: string, options: ListenOptions) {
    const { viewer, after, share, line, onTooSlow } = options
    const subscriber: Subscriber = new Subscriber({
      userId: viewer.userId,
      after: await decodeAfter(after),
      log: reader.conversationLog(conversationId),
      queueLimit,
      share,
      line,
      onCaughtUp: () => deliveredMarks.caughtUp(subscriber, conversationId),
      onRemoved: () => subscriber.end(),
      onTooSlow,
      onEnd() {
        subscribers.delete(subscriber)
        rooms.leave(conversationId, subscriber)
      },
    })
    subscribers.add(subscriber)
    return whole(subscriber, () => rooms.enter(conversationId, subscriber))
  }

  return {
    subscribers,
    async listenToDirect(peerId, options) {
      if (peerId === options.viewer.userId) throw badInput('with', 'That is yourself: name somebody else.')
      return listenToConversation(directConversationId(options.viewer.userId, peerId), options)
    },

    async listenToGroup(groupId, options) {
      const subscriber = await listenToConversation(groupId, options)
      // In the room already, so that a removal from now on ends the stream.
      const { userId } = options.viewer
      return whole(subscriber, async () => {
        const group = await database.read.conversation.findUnique({
          where: { id: groupId, kind: 'GROUP' },
          include: { members: { where: { userId } } },
        })
        if (group && group.members.length > 0) return
        throw group?.visibility === 'PUBLIC' ? forbidden('Join the group first.') : notFound('Group')
      })
    },

    async listenToInbox({ viewer: { userId }, after, share, line, onTooSlow }) {
      const entered = new Set<string>()
      const left = new Set<string>()
      const enter = async (conversationId: string) => {
        if (subscriber.hasEnded) return
        entered.add(conversationId)
        await rooms.enter(conversationId, subscriber)
      }
      const leave = (conversationId: string) => {
        left.add(conversationId)
        entered.delete(conversationId)
        rooms.leave(conversationId, subscriber)
      }
      const subscriber: Subscriber = new Subscriber({
        userId,
        after: await decodeAfter(after),
        log: reader.inboxLog(userId),
        queueLimit,
        mayRead: ({ conversationId }) => !left.has(conversationId),
        share,
        line,
        onCaughtUp: () => deliveredMarks.caughtUp(subscriber, null),
        onRemoved: leave,
        onTooSlow,
        onEnd() {
          subscribers.delete(subscriber)
          membership.close()
          for (const conversationId of entered) rooms.leave(conversationId, subscriber)
        },
      })
      subscribers.add(subscriber)
      const membership = bus.subscribe(`user:${userId}`, (event) => {
        if (event.type === 'entered') {
          left.delete(event.conversationId)
          void enter(event.conversationId)
        } else if (event.type === 'left') {
          leave(event.conversationId)
        }
      })
      return whole(subscriber, async () => {
        await membership.ready
        const memberships = await database.read.member.findMany({ where: { userId }, select: { conversationId: true } })
        // What he has left while they were being read is not entered again.
        const present = memberships.filter(({ conversationId }) => !left.has(conversationId))
        await Promise.all(present.map(({ conversationId }) => enter(conversationId)))
      })
    },
  }
}

/** @returns the subscriber, once he has entered where he listens; where that fails, he holds nothing */
async function whole(subscriber: Subscriber, enter: () => Promise<void>): Promise<Subscriber> {
  try {
    await enter()
    return subscriber
  } catch (error) {
    subscriber.end()
    throw error
  }
}
