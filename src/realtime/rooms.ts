import type { LogEvent, MessageRow } from '../log/change.ts'
import type { Bus, BusEvent, BusSubscription } from './bus.ts'

/** Somebody who listens to a conversation here. */
export interface Listener {
  userId: string
  push(message: MessageRow): void
  /** He is no longer a member, or the conversation is no more. He leaves the room then. */
  onRemoved(): void
}

/** The conversations that somebody listens to in this process. */
export interface Rooms {
  /**
   * Enters a conversation's room. Once `ready` resolves, each later change is pushed; check that he may
   * read only then, so that a removal meanwhile isn't missed.
   */
  enter(conversationId: string, listener: Listener): { ready: Promise<void>; leave: () => void }
  readonly size: number
}

interface Room {
  listeners: Set<Listener>
  subscription: BusSubscription
}

export function createRooms(bus: Bus): Rooms {
  const rooms = new Map<string, Room>()

  function open(conversationId: string): Room {
    const listeners = new Set<Listener>()
    const subscription = bus.subscribe(`conversation:${conversationId}`, (event) => dispatch(listeners, event))
    const room = { listeners, subscription }
    rooms.set(conversationId, room)
    return room
  }

  return {
    enter(conversationId, listener) {
      const room = rooms.get(conversationId) ?? open(conversationId)
      room.listeners.add(listener)
      return {
        ready: room.subscription.ready,
        leave() {
          if (!room.listeners.delete(listener) || room.listeners.size > 0) return
          room.subscription.close()
          rooms.delete(conversationId)
        },
      }
    },
    get size() {
      return rooms.size
    },
  }
}

function dispatch(listeners: Set<Listener>, event: BusEvent): void {
  switch (event.type) {
    case 'changed':
      for (const listener of listeners) listener.push(event.message)
      break
    case 'left':
    case 'ended':
      for (const listener of [...listeners]) {
        if (event.type === 'ended' || listener.userId === event.userId) listener.onRemoved()
      }
      break
  }
}

/** Tells those who listen, in order, of what has been committed. */
export function publishLogEvents(bus: Bus, events: LogEvent[]): void {
  for (const event of events) {
    switch (event.type) {
      case 'changed':
        bus.publish(`conversation:${event.message.conversationId}`, event)
        break
      case 'entered':
        bus.publish(`user:${event.userId}`, event)
        break
      case 'left':
        bus.publish(`user:${event.userId}`, event)
        bus.publish(`conversation:${event.conversationId}`, event)
        break
      case 'ended':
        bus.publish(`conversation:${event.conversationId}`, event)
        break
    }
  }
}
