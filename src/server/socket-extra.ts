import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import type { Context } from '../graphql/context.ts'
import type { Outbox } from './outbox.ts'
import type { SocketSlots } from './socket-slots.ts'

/** What the operations of one socket have in common. */
export type LiveContext = Pick<Context, 'viewer' | 'userAgent' | 'network' | 'disconnect'>

/** What belongs to one socket: graphql-ws hands it to each of its operations. */
export interface SocketExtra {
  /** Which the client is told with the acknowledgement, and of which the ids of its requests begin. */
  connectionId: string
  socket: WebSocket
  /** The upgrade, until the client has introduced himself. */
  request: IncomingMessage | null
  /** Where it comes from, as rates know it. */
  network: string
  slots: SocketSlots
  outbox: Outbox
  /** Closes it, after what it has been sent. */
  close(code: number, reason: string): void
  /** Closes it because its client lets too much wait. */
  closeSlow(): void
  /** Closes it once what was asked for has been answered. */
  end(code: number, reason: string): Promise<void>
  /** What the client calls the operations that are under way, or about to be forgotten. */
  busy: Set<string>
  live?: LiveContext
  /** Resolves when all subscriptions asked for so far have been taken up. */
  starting?: Promise<unknown>
}
