import { setTimeout as delay } from 'node:timers/promises'
import { connect, ListeningError, listen } from '../examples/resume.ts'
import { ApiError } from './api.ts'
import type { TerminalInboxSubscription } from './generated/graphql.ts'
import { findLogHead, inbox } from './operations.ts'
import type { Session } from './session.ts'

const FORBIDDEN = 4403 // the close code for a token that is no longer good

const PAUSE = 500 // ms before something is asked for again

export type LiveEvent = TerminalInboxSubscription['inbox']

export interface LiveOptions {
  session: Session
  /** The cursor to go on from. */
  after?: string | undefined
  signal: AbortSignal
  onEvent(event: LiveEvent): unknown
  /** The line is there for the first time, or again; `onLost` comes in between, or before where it doesn't come about. */
  onLine(): void
  onLost(): void
  /**
   * Loads what there is, before what comes: at first, unless there is an `after`; and again where the cursor has become
   * useless, as after the return to a backup.
   */
  load(isFirst: boolean): unknown
}

/**
 * Listens to all conversations until it is stopped, whatever happens to the line: each change comes once and in order.
 * @throws ListeningError where coming back can't help, ApiError where there is no server at first
 */
export async function listenToInbox(options: LiveOptions): Promise<void> {
  const { session, signal, after, onEvent, onLine, onLost, load } = options
  const findCursor = async () => (await session.request(findLogHead)).conversations.cursor
  let cursor = after ?? null
  let isFirst = true
  let isLost = false
  const client = connect({ url: session.url.replace(/^http/, 'ws'), getToken: session.getToken })
  client.on('connected', () => {
    isLost = false
    onLine()
  })
  client.on('closed', (event) => {
    if ((event as CloseEvent).code === FORBIDDEN) session.renew()
    if (!isLost && !signal.aborted) onLost()
    isLost = true
  })
  while (!signal.aborted) {
    try {
      if (cursor === null) {
        // The cursor comes first: what happens while the rest is loaded lies behind it.
        const found = await findCursor()
        await load(isFirst)
        cursor = found
      }
      isFirst = false
      await listen<LiveEvent>({
        client,
        query: inbox.toString(),
        cursor,
        onEvent,
        saveCursor: (newest) => {
          cursor = newest
        },
        signal,
      })
      return
    } catch (error) {
      if (error instanceof ApiError && error.isTemporary && !isFirst) {
        // An event that couldn't be dealt with comes again.
        await delay(PAUSE, undefined, { signal }).catch(() => {})
      } else if (error instanceof ListeningError && error.code === 'BAD_USER_INPUT' && !after) {
        cursor = null
      } else {
        throw error
      }
    }
  }
}
