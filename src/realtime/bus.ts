import type { LogEvent } from '../log/change.ts'

/** What is worth showing to a conversation's members, and not worth keeping. */
export type ActivityEvent =
  | { type: 'typing'; conversationId: string; userId: string; typing: boolean }
  | { type: 'read'; conversationId: string; userId: string; upToSeq: number }
  | { type: 'delivered'; conversationId: string; userId: string; upToSeq: number }

/** What travels between the parts of a process, and between nodes. */
export type BusEvent =
  | LogEvent
  | ActivityEvent
  | { type: 'sessionsEnded'; sessionIds: string[] }
  /** He has come online or gone; or, where a viewer is named, that one may see it from now on, or no longer. */
  | { type: 'presence'; userId: string; viewerId?: string }

/** `conversation:<id>`, `user:<id>` or `sessions`. */
export type Channel = `conversation:${string}` | `user:${string}` | 'sessions'

/**
 * Carries hints, and may lose them: nothing may depend on an event's arriving. The events of one
 * publisher arrive in their order.
 */
export interface Bus {
  /** Returns at once; never throws. */
  publish(channel: Channel, event: BusEvent): void
  /** Once `ready` resolves, every later event arrives. Listeners must not throw. */
  subscribe(channel: Channel, listener: (event: BusEvent) => void): BusSubscription
  close(): Promise<void>
}

export interface BusSubscription {
  readonly ready: Promise<void>
  close(): void
}
