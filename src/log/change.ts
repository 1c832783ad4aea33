import type { Message, User } from '../generated/prisma/client.ts'

/** A place in the log: 1, 2, 3 …, in the order of commits. */
export type Position = bigint

/** A message with who sent it, as the log's queries give it. */
export interface MessageRow extends Message {
  sender: User
}

/** What a transaction of the log has done, in the order in which listeners must hear of it. */
export type LogEvent =
  | { type: 'left'; conversationId: string; userId: string }
  | { type: 'entered'; conversationId: string; userId: string }
  | { type: 'changed'; message: MessageRow }
  | { type: 'ended'; conversationId: string }
