import type { Message, User } from '../generated/prisma/client.ts'

/** A place in the log: 1, 2, 3 …, in the order of commits. */
export type Position = bigint

/** A message with who sent it, as the log's queries give it. */
export interface MessageRow extends Message {
  sender: User
  /** Set where this node had missed changes and tells of this one as it found it in the log. */
  recovery?: Recovery | undefined
}

/** How a node that reads what it has missed tells of a message, of which the log holds the latest state alone. */
export interface Recovery {
  /** Whether its creation wasn't told here. */
  isNew: boolean
  /** Where the reading began. */
  from: Position
  /** Where the log stood then. */
  to: Position
}

/** Whether a change is the first that is told of its message. */
export function isCreation({ recovery, createdPosition, position }: MessageRow): boolean {
  return recovery ? recovery.isNew : createdPosition === position
}

/** What a transaction of the log has done, in the order in which listeners must hear of it. */
export type LogEvent =
  | { type: 'left'; conversationId: string; userId: string }
  | { type: 'entered'; conversationId: string; userId: string }
  | { type: 'changed'; message: MessageRow }
  /** Takes a place of its own, as nothing else in the log tells of it. */
  | { type: 'ended'; conversationId: string; position: Position }
