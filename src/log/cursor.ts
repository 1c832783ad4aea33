import { badInput } from '../errors.ts'
import { encodeOpaque } from '../ids.ts'
import type { Position } from './change.ts'

/** How far a reader of the log has come. */
export interface LogPlace {
  /** Of every message that changed up to here, he has the state that was its latest. */
  position: Position
  /** Set while he is catching up. */
  catchUp?: CatchUp | undefined
}

/**
 * Catching up gives each message that changed once, in its latest state and at that state's place. Half-way
 * through, a message may lie ahead whose creation lies behind: what is new to him depends on where he began.
 */
export interface CatchUp {
  /** Where he began. */
  from: Position
  /** Where the log stood then. */
  to: Position
}

export interface CursorCodec {
  encode(place: LogPlace): string
  /** @throws ChatError BAD_USER_INPUT on a string that this log didn't give out */
  decode(cursor: string): LogPlace
}

/**
 * Cursors are places that clients can't mistake for numbers, with the log's epoch, so that one of another
 * server or of a database since replaced is refused.
 */
export function createCursorCodec(epoch: string): CursorCodec {
  return {
    encode({ position, catchUp }) {
      const parts = catchUp ? [epoch, position, catchUp.from, catchUp.to] : [epoch, position]
      return encodeOpaque(parts.join(':'))
    },
    decode(cursor) {
      const text = Buffer.from(cursor, 'base64url').toString()
      const match = /^(\w+):(\d{1,18})(?::(\d{1,18}):(\d{1,18}))?$/.exec(text)
      if (!match) throw badInput('after', 'Not a cursor: pass one exactly as the server gave it.')
      const [, itsEpoch, position, from, to] = match
      if (itsEpoch !== epoch) throw badInput('after', 'This cursor belongs to another log: load the conversation anew.')
      return {
        position: BigInt(position ?? 0),
        catchUp: from && to ? { from: BigInt(from), to: BigInt(to) } : undefined,
      }
    },
  }
}
