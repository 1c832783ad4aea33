import { isCreation, type MessageRow } from '../log/change.ts'
import type { LogPlace } from '../log/cursor.ts'

export type ChangeType = 'CREATED' | 'UPDATED' | 'DELETED'

/** A change as one subscriber sees it. */
export interface Delivery {
  type: ChangeType
  message: MessageRow
  /** Where he stands with it. */
  place: LogPlace
}

/** A change as everybody sees it who is not catching up. */
export function toLiveDelivery(message: MessageRow): Delivery {
  return toDelivery(message, isCreation(message), toPlace(message))
}

export function toDelivery(message: MessageRow, isNew: boolean, place: LogPlace): Delivery {
  return { type: isNew ? 'CREATED' : message.deletedAt ? 'DELETED' : 'UPDATED', message, place }
}

/** Where one stands who has been told of a change; half-way through what this node had missed, as one who catches up. */
export function toPlace({ position, recovery }: MessageRow): LogPlace {
  return { position, catchUp: recovery && { from: recovery.from, to: recovery.to } }
}
