import type { MessageRow } from '../log/change.ts'

type WireValue<Value> = Value extends Date | bigint ? string : Value

/** A row as JSON has it. */
type Wire<Row> = { [Column in keyof Row]: WireValue<Row[Column]> }

export type WireMessage = Wire<Omit<MessageRow, 'sender' | 'recovery'>> & { sender: Wire<MessageRow['sender']> }

/** What of a message JSON can't take by itself; how its dates are written, it knows. */
export function toWire({ recovery: _, ...message }: MessageRow): unknown {
  return {
    ...message,
    createdPosition: String(message.createdPosition),
    position: String(message.position),
    previousPosition: String(message.previousPosition),
  }
}

/** @throws where a position is none */
export function fromWire({ sender, ...message }: WireMessage): MessageRow {
  return {
    ...message,
    createdAt: new Date(message.createdAt),
    editedAt: toDate(message.editedAt),
    deletedAt: toDate(message.deletedAt),
    createdPosition: BigInt(message.createdPosition),
    position: BigInt(message.position),
    previousPosition: BigInt(message.previousPosition),
    sender: {
      ...sender,
      createdAt: new Date(sender.createdAt),
      lastSeenAt: toDate(sender.lastSeenAt),
      deletedAt: toDate(sender.deletedAt),
    },
  }
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}
