import type { Viewer } from '../auth/viewer.ts'
import type { ConversationService } from '../conversation/conversation-service.ts'
import type { Database } from '../database/database.ts'
import { createUncachedLoader } from '../database/uncached-loader.ts'
import { notFound } from '../errors.ts'
import { Prisma, type User } from '../generated/prisma/client.ts'
import { inList } from '../log/message-sql.ts'
import type { ActivityEvent, Bus, BusEvent, BusSubscription } from '../realtime/bus.ts'
import type { Share } from '../realtime/subscriber.ts'
import { ActivityListener } from './activity-listener.ts'

/** Live streams of what goes on in conversations besides the log. */
export interface ActivityFeed {
  /** Ends when he is no longer a member. @throws ChatError NOT_FOUND where he isn't one */
  listen(viewer: Viewer, conversationId: string, share: Share | undefined): Promise<ActivityListener>
  /** Whom an event is about; what is asked for in one tick is one query. */
  user(id: string): Promise<User>
}

interface Room {
  listeners: Set<ActivityListener>
  subscription: BusSubscription
  /** Resolves when all has been told. */
  telling: Promise<unknown>
}

export function createActivityFeed(deps: {
  database: Database
  bus: Bus
  conversations: Pick<ConversationService, 'findMember'>
}): ActivityFeed {
  const { database, bus, conversations } = deps
  const rooms = new Map<string, Room>()
  const users = createUserLoader(database)

  function open(conversationId: string): Room {
    const subscription = bus.subscribe(`conversation:${conversationId}`, (event) => dispatch(room, event))
    const room: Room = { listeners: new Set(), subscription, telling: Promise.resolve() }
    rooms.set(conversationId, room)
    return room
  }

  function leave(conversationId: string, listener: ActivityListener): void {
    const room = rooms.get(conversationId)
    if (!room?.listeners.delete(listener) || room.listeners.size > 0) return
    room.subscription.close()
    rooms.delete(conversationId)
  }

  return {
    async listen(viewer, conversationId, share) {
      const { userId } = viewer
      const listener: ActivityListener = new ActivityListener({
        userId,
        share,
        onEnd: () => leave(conversationId, listener),
      })
      const room = rooms.get(conversationId) ?? open(conversationId)
      room.listeners.add(listener)
      try {
        await room.subscription.ready
        // In the room already, so that a removal from now on ends the stream.
        if (!(await conversations.findMember(viewer, conversationId))) throw notFound('Conversation')
        return listener
      } catch (error) {
        listener.end()
        throw error
      }
    },
    async user(id) {
      const user = await users.load(id)
      if (!user) throw new Error(`There is no user ${id} to tell of`)
      return user
    },
  }
}

function dispatch(room: Room, event: BusEvent): void {
  switch (event.type) {
    case 'typing':
    case 'read':
    case 'delivered':
      tell(room, event)
      break
    case 'left':
    case 'ended':
      for (const listener of [...room.listeners]) {
        if (event.type === 'ended' || listener.userId === event.userId) listener.end()
      }
  }
}

/** Executes it once for all who ask for the same, and tells them in the order in which the events came. */
function tell(room: Room, event: ActivityEvent): void {
  const concerned = [...room.listeners].filter(({ userId }) => event.type !== 'typing' || userId !== event.userId)
  for (const [audience, listeners] of Map.groupBy(concerned, ({ share }) => share?.audience)) {
    const executing = audience?.execute(event) ?? null
    room.telling = room.telling.then(async () => {
      const payload = await executing
      for (const listener of listeners) listener.tell(event, payload)
    })
  }
}

function createUserLoader({ readSql }: Database) {
  return createUncachedLoader<string, User | undefined>(async (ids) => {
    const users = await readSql.all<User>(
      Prisma.sql`SELECT u.* FROM "User" u WHERE ${inList(Prisma.sql`u."id"`, [...new Set(ids)])}`,
    )
    const found = new Map(users.map((user) => [user.id, user]))
    return ids.map((id) => found.get(id))
  })
}
