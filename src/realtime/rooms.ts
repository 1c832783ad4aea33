import type { LogEvent, MessageRow, Position } from '../log/change.ts'
import type { Audience, AudienceMember } from './audience.ts'
import type { Bus, BusEvent, BusSubscription, Channel } from './bus.ts'

/** Somebody who listens to conversations here. */
export interface Listener extends AudienceMember {
  readonly userId: string
  /** Who asks for the same as he; null where nobody can. */
  readonly audience: Audience | null
  /** From there on he hears everything, or has it already; null before he has heard anything. */
  readonly since: Position | null
  /** Everything from there up to here has been written to his line, as far as is known; null where nothing is. */
  readonly received: Position | null
  /** Whether something is on its way to him. */
  readonly isBehind: boolean
  push(message: MessageRow): void
  /** He is no longer a member, or the conversation is no more. He leaves the room then. */
  onRemoved(conversationId: string): void
}

/** The conversations that somebody listens to in this process. */
export interface Rooms {
  /**
   * Enters a conversation's room. Once this resolves, he is told of each later change, by his audience if he
   * has one; check that he may read only then, so that a removal meanwhile isn't missed.
   */
  enter(conversationId: string, listener: Listener): Promise<void>
  leave(conversationId: string, listener: Listener): void
  /** Who listens to a conversation here; each as often as he listens. */
  userIds(conversationId: string): Iterable<string>
  readonly size: number
  /** How many changes were told here so far, and to how many listeners in all. */
  readonly told: { changes: number; deliveries: number }
}

/** Follows what is told in the rooms. It must not throw. */
export interface RoomWatcher {
  /** @param listeners who is in the room, at any time from now on */
  told(message: MessageRow, listeners: ReadonlySet<Listener>): void
  /** Somebody has gone, by himself or because he had to. */
  left(conversationId: string, listener: Listener): void
}

interface Room {
  listeners: Set<Listener>
  /** The same, by audience; null since somebody has come or gone. */
  seating: Map<Audience | null, Listener[]> | null
  subscription: BusSubscription
}

export function createRooms(bus: Bus, watcher?: RoomWatcher): Rooms {
  const rooms = new Map<string, Room>()
  const told = { changes: 0, deliveries: 0 }

  function open(conversationId: string): Room {
    const subscription = bus.subscribe(`conversation:${conversationId}`, (event) => {
      if (event.type === 'changed') {
        told.changes++
        told.deliveries += room.listeners.size
      }
      dispatch(room, event, watcher)
    })
    const room: Room = { listeners: new Set(), seating: null, subscription }
    rooms.set(conversationId, room)
    return room
  }

  return {
    enter(conversationId, listener) {
      const room = rooms.get(conversationId) ?? open(conversationId)
      room.listeners.add(listener)
      room.seating = null
      return room.subscription.ready
    },
    leave(conversationId, listener) {
      const room = rooms.get(conversationId)
      if (!room?.listeners.delete(listener)) return
      room.seating = null
      watcher?.left(conversationId, listener)
      if (room.listeners.size > 0) return
      room.subscription.close()
      rooms.delete(conversationId)
    },
    userIds: (conversationId) =>
      rooms
        .get(conversationId)
        ?.listeners.values()
        .map(({ userId }) => userId) ?? [],
    told,
    get size() {
      return rooms.size
    },
  }
}

function dispatch(room: Room, event: BusEvent, watcher: RoomWatcher | undefined): void {
  switch (event.type) {
    case 'changed':
      room.seating ??= Map.groupBy(room.listeners, ({ audience }) => audience)
      for (const [audience, listeners] of room.seating) {
        if (audience) audience.tell(event.message, listeners)
        else for (const listener of listeners) listener.push(event.message)
      }
      watcher?.told(event.message, room.listeners)
      break
    case 'left':
    case 'ended':
      for (const listener of [...room.listeners]) {
        if (event.type === 'ended' || listener.userId === event.userId) listener.onRemoved(event.conversationId)
      }
      break
  }
}

/** Tells those who listen, in order, of what has been committed. */
export function publishLogEvents(bus: Pick<Bus, 'publish'>, events: Iterable<LogEvent>): void {
  for (const event of events) for (const channel of channelsOf(event)) bus.publish(channel, event)
}

/** Where a change of the log is told. */
export function channelsOf(event: LogEvent): Channel[] {
  switch (event.type) {
    case 'changed':
      return [`conversation:${event.message.conversationId}`]
    case 'entered':
      return [`user:${event.userId}`]
    case 'left':
      return [`user:${event.userId}`, `conversation:${event.conversationId}`]
    case 'ended':
      return [`conversation:${event.conversationId}`]
  }
}
