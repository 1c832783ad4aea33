import { rateLimited } from '../errors.ts'
import type { Limits } from '../limits.ts'

export type SlotKind = 'subscription' | 'operation'

/** What one socket has under way. */
export class SocketSlots {
  readonly #limits: Limits
  #subscriptions = 0
  #operations = 0
  #onIdle: (() => void)[] = []

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /**
   * @returns to be called, once or more, when it has ended
   * @throws ChatError RATE_LIMITED where there are too many already
   */
  take(kind: SlotKind): () => void {
    if (kind === 'subscription') this.#takeSubscription()
    else this.#takeOperation()
    let released = false
    return () => {
      if (released) return
      released = true
      if (kind === 'subscription') this.#subscriptions--
      else this.#operations--
      if (!this.isIdle) return
      for (const resolve of this.#onIdle) resolve()
      this.#onIdle = []
    }
  }

  /** Whether no query or mutation is under way. */
  get isIdle(): boolean {
    return this.#operations === 0
  }

  /** Resolves when no query or mutation is under way. */
  async idle(): Promise<void> {
    if (!this.isIdle) await new Promise<void>((resolve) => this.#onIdle.push(resolve))
  }

  #takeSubscription(): void {
    const { subscriptionsPerSocket } = this.#limits
    if (this.#subscriptions >= subscriptionsPerSocket) {
      const advice = 'listen to inbox, which has all conversations, or end one'
      throw rateLimited(
        `One socket may have ${subscriptionsPerSocket} subscriptions: ${advice}.`,
        1,
        'subscriptionsPerSocket',
      )
    }
    this.#subscriptions++
  }

  #takeOperation(): void {
    const { operationsPerSocket } = this.#limits
    if (this.#operations >= operationsPerSocket) {
      throw rateLimited(
        `One socket may have ${operationsPerSocket} operations under way: await some.`,
        1,
        'operationsPerSocket',
      )
    }
    this.#operations++
  }
}
