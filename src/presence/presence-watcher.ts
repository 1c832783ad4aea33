import type { User } from '../generated/prisma/client.ts'
import type { Presence } from './presence.ts'
import type { HintListener, PresenceHints } from './presence-hints.ts'

/** How somebody appears to a viewer. */
export interface PresenceState {
  online: boolean
  lastSeenAt: Date | null
}

/** A user and how he appears. */
export interface Appearance {
  user: User
  state: PresenceState
  /** False where the viewer may not see it: then he appears to be offline. */
  isVisible: boolean
}

export interface PresenceWatcherOptions {
  viewerId: string
  userIds: ReadonlySet<string>
  hints: PresenceHints
  presence: Presence
  look: (userIds: readonly string[]) => Promise<Appearance[]>
}

/**
 * One subscription's stream of how users appear. What is heard of them only says at whom to look again, and that is
 * done when the listener asks for more: he gets their latest states, however long he hasn't read.
 */
export class PresenceWatcher implements AsyncIterableIterator<User> {
  readonly #options: PresenceWatcherOptions
  readonly #heard: ReadonlySet<string>
  readonly #ready: Promise<unknown>
  readonly #offRenewal: () => void
  /** At whom to look. */
  #changed: Set<string>
  /** Whom to tell of, as he has appeared since. */
  #news = new Map<string, Appearance>()
  /** How each was last told of. */
  #told = new Map<string, PresenceState>()
  #wake: (() => void) | null = null
  #ended = false

  constructor(options: PresenceWatcherOptions) {
    const { viewerId, userIds, hints, presence } = options
    this.#options = options
    this.#changed = new Set(userIds)
    this.#heard = new Set([viewerId, ...userIds])
    this.#ready = Promise.all([...this.#heard].map((userId) => hints.join(userId, this.#onHint)))
    this.#offRenewal = presence.onRenewal((isReunion) => this.#lookAgain(isReunion ? userIds : this.#toldOnline()))
  }

  async next(): Promise<IteratorResult<User>> {
    try {
      await this.#ready
      while (!this.#ended) {
        for (const [userId, { user, state }] of this.#news) {
          this.#news.delete(userId)
          this.#told.set(userId, state)
          return { value: user, done: false }
        }
        if (this.#changed.size > 0) await this.#look()
        else await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } catch (error) {
      this.#end()
      throw error
    }
    return { value: undefined, done: true }
  }

  async return(): Promise<IteratorResult<User>> {
    this.#end()
    return { value: undefined, done: true }
  }

  async throw(error: unknown): Promise<IteratorResult<User>> {
    this.#end()
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end()
  }

  readonly #onHint: HintListener = (hint) => {
    const { viewerId, userIds } = this.#options
    const { type, userId } = hint
    if (type === 'presence' && hint.viewerId && hint.viewerId !== viewerId) return
    // With whom he shares a conversation may be others then.
    if (userId === viewerId && type !== 'presence') this.#lookAgain(userIds)
    else if (userIds.has(userId)) this.#lookAgain([userId])
  }

  async #look(): Promise<void> {
    const userIds = [...this.#changed]
    this.#changed.clear()
    for (const appearance of await this.#options.look(userIds)) {
      const { id } = appearance.user
      // Who has changed meanwhile is looked at once more.
      if (!this.#changed.has(id) && this.#isNews(appearance)) this.#news.set(id, appearance)
    }
  }

  #isNews({ user, state, isVisible }: Appearance): boolean {
    const told = this.#told.get(user.id)
    if (!told) return isVisible
    return told.online !== state.online || told.lastSeenAt?.getTime() !== state.lastSeenAt?.getTime()
  }

  #lookAgain(userIds: Iterable<string>): void {
    for (const userId of userIds) {
      this.#changed.add(userId)
      this.#news.delete(userId)
    }
    if (this.#changed.size > 0) this.#wakeUp()
  }

  /** Those whose nodes may have been killed: of one who is connected here, no lease runs out. */
  #toldOnline(): string[] {
    const { presence } = this.#options
    return [...this.#told].flatMap(([userId, { online }]) =>
      online && presence.connectionsOf(userId) === 0 ? userId : [],
    )
  }

  #wakeUp(): void {
    this.#wake?.()
    this.#wake = null
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    for (const userId of this.#heard) this.#options.hints.leave(userId, this.#onHint)
    this.#offRenewal()
    this.#wakeUp()
  }
}
