import { rateLimited } from '../errors.ts'
import type { Limits } from '../limits.ts'

export type SlotKind = 'subscription' | 'operation'

/** What one socket has under way. */
export interface SocketSlots {
  /**
   * @returns to be called, once or more, when it has ended
   * @throws ChatError RATE_LIMITED where there are too many already
   */
  take(kind: SlotKind): () => void
  /** Whether no query or mutation is under way. */
  readonly isIdle: boolean
  /** Resolves when no query or mutation is under way. */
  idle(): Promise<void>
}

export function createSocketSlots({ subscriptionsPerSocket, operationsPerSocket }: Limits): SocketSlots {
  const taken = { subscription: 0, operation: 0 }
  let onIdle: (() => void)[] = []

  return {
    take(kind) {
      if (kind === 'subscription' && taken.subscription >= subscriptionsPerSocket) {
        const advice = 'listen to inbox, which has all conversations, or end one'
        throw rateLimited(`One socket may have ${subscriptionsPerSocket} subscriptions: ${advice}.`, 1)
      }
      if (kind === 'operation' && taken.operation >= operationsPerSocket) {
        throw rateLimited(`One socket may have ${operationsPerSocket} operations under way: await some.`, 1)
      }
      taken[kind]++
      let released = false
      return () => {
        if (released) return
        released = true
        taken[kind]--
        if (taken.operation > 0) return
        for (const resolve of onIdle) resolve()
        onIdle = []
      }
    },
    get isIdle() {
      return taken.operation === 0
    },
    async idle() {
      if (taken.operation > 0) await new Promise<void>((resolve) => onIdle.push(resolve))
    },
  }
}
