import { randomUUID } from 'node:crypto'
import { ListeningError } from '../examples/resume.ts'
import { ApiError, type Request } from './api.ts'
import { type PlacedMessage, sendDirect, sendGroup } from './operations.ts'
import type { Place } from './place.ts'

const FIRST_PAUSE = 200 // ms
const LONGEST_PAUSE = 10_000 // ms

/** A message that the server hasn't acknowledged yet. */
export interface Pending {
  /** The sender's own key for it, under which it stays one message however often it is sent. */
  readonly clientId: string
  readonly place: Place
  readonly content: string
  readonly replyToId: string | null
}

export interface Outbox {
  /** In the order in which they are sent. */
  readonly pending: readonly Pending[]
  add(place: Place, content: string, replyToId?: string | null): Pending
  /** Tries at once what waits for a better moment. */
  retry(): void
  /** Resolves once fewer than so many are pending. */
  fewerThan(count: number): Promise<void>
}

export interface OutboxEvents {
  /** Something is pending, or no longer. */
  onChange?(): void
  onSent(pending: Pending, message: PlacedMessage): void | Promise<void>
  onRefused(pending: Pending, error: Error): void
}

/** Sends one message after the other, each again until it is acknowledged or refused: so they arrive once, in order. */
export function createOutbox(request: Request, { onChange = () => {}, onSent, onRefused }: OutboxEvents): Outbox {
  const pending: Pending[] = []
  const waiters: (() => void)[] = []
  let wake = () => {}
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    for (let item = pending[0]; item; item = pending[0]) {
      const outcome = await deliver(item)
      pending.shift()
      onChange()
      if (outcome instanceof Error) onRefused(item, outcome)
      else await onSent(item, outcome)
      for (const waiter of waiters.splice(0)) waiter()
    }
    isRunning = false
  }

  async function deliver(item: Pending): Promise<PlacedMessage | Error> {
    for (let failures = 0; ; failures++) {
      try {
        return await send(request, item)
      } catch (error) {
        if (error instanceof ListeningError || !(error instanceof ApiError) || !error.isTemporary) return error as Error
        const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures) * (0.5 + Math.random() / 2)
        await rest(error.retryAfter === null ? pause : error.retryAfter * 1_000)
      }
    }
  }

  function rest(pause: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pause)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    pending,
    add(place, content, replyToId = null) {
      const item = { clientId: randomUUID(), place, content, replyToId }
      pending.push(item)
      onChange()
      if (!isRunning) void run()
      return item
    },
    retry: () => wake(),
    async fewerThan(count) {
      while (pending.length >= count) await new Promise<void>((resolve) => waiters.push(resolve))
    },
  }
}

async function send(request: Request, { place, content, replyToId, clientId }: Pending): Promise<PlacedMessage> {
  const common = { content, clientId, ...(replyToId && { replyToId }) }
  if (place.kind === 'direct') {
    const input = { ...common, to: { id: place.peer.id } }
    return (await request(sendDirect, { input })).sendDirectMessage.message
  }
  const input = { ...common, groupId: place.id }
  return (await request(sendGroup, { input })).sendGroupMessage.message
}
