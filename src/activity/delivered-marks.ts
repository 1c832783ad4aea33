import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Database } from '../database/database.ts'
import { isCreation, type MessageRow } from '../log/change.ts'
import type { Bus } from '../realtime/bus.ts'
import type { Listener, RoomWatcher } from '../realtime/rooms.ts'
import { findBehind, findMarked, type Mark, moveDelivered } from './mark-sql.ts'
import { Recipients } from './recipients.ts'

const FIRST_DELAY = 100 // ms from a message to its marks, where there has been silence
const INTERVAL = 1_000 // ms between two batches
const LARGEST_STATEMENT = 500 // rows
const RETRY_DELAY = 5_000 // ms: where the storage is refused, every try makes others wait

/**
 * Notes what has been written to members' lines. Nobody is asked when a message goes out: it is noted which
 * conversations have had one, and from time to time those who listen there are looked at, all together. However many
 * there are, messages go between.
 */
export interface DeliveredMarks extends RoomWatcher {
  /**
   * Somebody has read all that was behind his cursor. That a client gives a cursor means that it has what lies before.
   * @param conversationId null where he listens to all of his
   */
  caughtUp(listener: Listener, conversationId: string | null): void
  /** Stores what is known by now; once nobody listens any more. */
  close(): Promise<void>
}

export function createDeliveredMarks(deps: { database: Database; bus: Bus; logger: Logger }): DeliveredMarks {
  const { database, bus, logger } = deps
  const { readSql } = database
  const conversations = new Map<string, Recipients>()
  const newcomers = new Set<{ listener: Listener; conversationId: string | null }>()
  /** What is to be stored, by member. */
  const marks = new Map<string, Mark>()
  let timer: NodeJS.Timeout | null = null
  let lastRun = 0
  let running: Promise<void> = Promise.resolve()
  let isClosed = false

  function schedule(): void {
    if (timer || isClosed) return
    const wait = Math.max(FIRST_DELAY, lastRun + INTERVAL - performance.now())
    timer = setTimeout(() => {
      void run().finally(() => {
        timer = null
        if (conversations.size + newcomers.size + marks.size > 0) schedule()
      })
    }, wait)
    timer.unref()
  }

  function note(mark: Mark): void {
    const key = `${mark.conversationId} ${mark.userId}`
    if ((marks.get(key)?.upToSeq ?? 0) < mark.upToSeq) marks.set(key, mark)
  }

  function run(): Promise<void> {
    running = running.then(runOnce)
    return running
  }

  async function runOnce(): Promise<void> {
    lastRun = performance.now()
    try {
      await lookAtConversations()
      await lookAtNewcomers()
      await store()
    } catch (error) {
      lastRun += RETRY_DELAY
      logger.warn({ err: error }, 'Delivered marks were not stored; they are tried again')
    }
  }

  async function lookAtConversations(): Promise<void> {
    const ids = [...conversations.keys()]
    for (let from = 0; from < ids.length; from += LARGEST_STATEMENT) {
      const some = ids.slice(from, from + LARGEST_STATEMENT)
      const marked = new Set(await findMarked(readSql, some))
      for (const conversationId of some) {
        const recipients = conversations.get(conversationId)
        if (!recipients || !marked.has(conversationId)) conversations.delete(conversationId)
        else {
          for (const [userId, upToSeq] of recipients.collect()) note({ conversationId, userId, upToSeq })
          if (recipients.isDone) conversations.delete(conversationId)
        }
      }
      await nextTurn()
    }
  }

  async function lookAtNewcomers(): Promise<void> {
    for (const newcomer of [...newcomers]) {
      const { listener, conversationId } = newcomer
      const { userId, received, isBehind } = listener
      if (received !== null) {
        for (const mark of await findBehind(readSql, userId, conversationId, received)) note(mark)
        await nextTurn()
      } else if (isBehind) continue
      newcomers.delete(newcomer)
    }
  }

  async function store(): Promise<void> {
    while (marks.size > 0) {
      const some = new Map(marks.entries().take(LARGEST_STATEMENT))
      const moved = await database.writeSql((sql) => moveDelivered(sql, [...some.values()]))
      for (const key of some.keys()) marks.delete(key)
      for (const mark of moved) bus.publish(`conversation:${mark.conversationId}`, { type: 'delivered', ...mark })
      await nextTurn()
    }
  }

  return {
    told(message: MessageRow, listeners) {
      if (!isCreation(message)) return
      const recipients = conversations.get(message.conversationId) ?? new Recipients()
      conversations.set(message.conversationId, recipients)
      recipients.expect(message, listeners)
      schedule()
    },
    left(conversationId, listener) {
      conversations.get(conversationId)?.leave(listener)
    },
    caughtUp(listener, conversationId) {
      newcomers.add({ listener, conversationId })
      schedule()
    },
    async close() {
      isClosed = true
      if (timer) clearTimeout(timer)
      await run()
    },
  }
}
