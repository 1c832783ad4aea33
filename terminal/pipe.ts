import { createInterface } from 'node:readline'
import { createEventLines } from './event-lines.ts'
import { listenToInbox } from './live.ts'
import { createOutbox } from './outbox.ts'
import { isOfPlace, type Place } from './place.ts'
import type { Session } from './session.ts'

const MOST_WAITING = 100 // messages read ahead of their acknowledgements

export interface PipeOptions {
  json: boolean
  /** Whether to go on after the end of the input. */
  listen: boolean
  /** The cursor to go on from. */
  after?: string | undefined
  signal: AbortSignal
}

/**
 * For scripts: each line of the input is a message, and what happens is printed, one event a line. Without a place,
 * listens to all conversations and sends nothing. Ends when the input has and all is acknowledged, unless it is to listen.
 * @returns whether everything was accepted
 */
export async function runPipe(session: Session, place: Place | null, options: PipeOptions): Promise<boolean> {
  const { request, user } = session
  const lines = createEventLines(options.json)
  const stopping = new AbortController()
  options.signal.addEventListener('abort', () => stopping.abort())
  const numbers = new Map<string, number>()
  const ready = Promise.withResolvers<void>()
  let isReady = false
  let refused = 0

  const outbox = createOutbox(request, {
    onSent({ clientId, place }, message) {
      place.id = message.conversation.id
      lines.sent(numbers.get(clientId) ?? 0, message)
    },
    onRefused({ clientId }, error) {
      refused++
      lines.refused(numbers.get(clientId) ?? 0, error)
    },
  })

  const listening = listenToInbox({
    session,
    after: options.after,
    signal: stopping.signal,
    async onEvent(event) {
      if (!place || (await isOfPlace(request, place, event.message))) lines.message(event)
    },
    onLine() {
      if (isReady) lines.connection('back')
      else lines.ready(user, place)
      isReady = true
      ready.resolve()
      outbox.retry()
    },
    onLost() {
      if (isReady) lines.connection('lost')
    },
    load(isFirst) {
      if (!isFirst) lines.connection('gap')
    },
  })

  async function sendAll(): Promise<void> {
    await ready.promise
    // The password may have been all that there was to read.
    if (!place || process.stdin.readableEnded) return
    const reader = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY, terminal: false })
    stopping.signal.addEventListener('abort', () => reader.close())
    let number = 0
    for await (const line of reader) {
      number++
      if (line.trim() === '') continue
      await outbox.fewerThan(MOST_WAITING)
      numbers.set(outbox.add(place, line).clientId, number)
    }
    await outbox.fewerThan(1)
  }

  try {
    await Promise.race([Promise.all([sendAll(), options.listen ? listening : null]), listening])
  } finally {
    stopping.abort()
  }
  return refused === 0
}
