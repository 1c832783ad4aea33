import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from '../database/database.ts'
import { StorageError } from '../errors.ts'
import type { LogEvent, MessageRow } from './change.ts'
import type { Draft, Outcome } from './draft.ts'
import { insertDrafts } from './insert-drafts.ts'
import { type LogTransaction, openLogTransaction } from './log-transaction.ts'
import { openSqlLogTransaction, type SqlLogTransaction } from './sql-log-transaction.ts'

/** Sends in one transaction. */
export const LARGEST_GROUP = 200

const APPEND = { log: 'append' } as const
const CHANGE = { log: 'change' } as const
const LONGEST_HOLD = 20 // ms that what is stored waits to be published together with what comes next

/** The only writer of messages. What one of its transactions changed is published before what the next one did. */
export interface Writer {
  /**
   * Stores a message, in one transaction with the others that are waiting. Resolves when it is durable.
   * A message already stored under the same `clientId` is returned as it is.
   * @throws ChatError NOT_FOUND, BAD_USER_INPUT or CONFLICT, for this message alone
   */
  send(draft: Draft): Promise<MessageRow>
  /** Any other change of the log, in a transaction of its own. Rejects, with nothing changed, with what the work throws. */
  change<T>(work: (log: LogTransaction) => Promise<T>): Promise<T>
  /** As `change`, for work that needs no Prisma: many times cheaper. */
  changeSql<T>(work: (log: SqlLogTransaction) => Promise<T>): Promise<T>
  /** Sends that wait for their transaction to begin. */
  readonly waiting: number
}

/** Follows what is stored. It must not throw. */
export interface WriterWatcher {
  /** @param durations ms from asking to the answer, of each of the sends that one transaction stored, or refused */
  committed(durations: readonly number[]): void
}

interface Waiting {
  draft: Draft
  since: number
  settle: (outcome: Outcome) => void
}

/** @param publish is handed each transaction's events, in the log's order, once they are durable; it must not throw */
export function createWriter(
  database: Database,
  publish: (events: LogEvent[]) => void,
  watcher?: WriterWatcher | null,
): Writer {
  const group: Waiting[] = []
  let last: Promise<unknown> = Promise.resolve()

  /** Runs after all that was asked for before. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }

  /** Waits while each turn of the event loop brings more: what other sockets have sent, and nobody has read yet. */
  async function gather(): Promise<void> {
    let size = 0
    while (size < group.length && size < LARGEST_GROUP) {
      size = group.length
      await nextTurn()
    }
  }

  /** @returns what there is to publish, by transaction */
  async function commitGroup(members: Waiting[]): Promise<LogEvent[][]> {
    const drafts = members.map(({ draft }) => draft)
    const committed = await database
      .writeSql(async (sql) => {
        const events: LogEvent[] = []
        return { outcomes: await insertDrafts(sql, drafts, events), events }
      }, APPEND)
      .catch((error) => ({ error }))
    if ('outcomes' in committed) {
      for (const [index, outcome] of committed.outcomes.entries()) members[index]?.settle(outcome)
      const now = performance.now()
      watcher?.committed(members.map(({ since }) => now - since))
      return [committed.events]
    }
    if (members.length === 1 || committed.error instanceof StorageError) {
      for (const member of members) member.settle(committed)
      return []
    }
    // Something in the group can't be stored: each by itself, so that only that one fails.
    const transactions: LogEvent[][] = []
    for (const member of members) transactions.push(...(await commitGroup([member])))
    return transactions
  }

  async function commitAll(): Promise<LogEvent[][]> {
    await gather()
    const members = group.splice(0)
    const transactions: LogEvent[][] = []
    for (let from = 0; from < members.length; from += LARGEST_GROUP) {
      transactions.push(...(await commitGroup(members.slice(from, from + LARGEST_GROUP))))
    }
    return transactions
  }

  return {
    send(draft) {
      return new Promise((resolve, reject) => {
        const settle = (outcome: Outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.message))
        group.push({ draft, since: performance.now(), settle })
        if (group.length > 1) return
        // The first of a group takes its turn; all who come until then, and fit, go with it.
        void inTurn(async () => {
          const transactions = await commitAll()
          await nextTurn()
          // What came while the disk was busy is stored at once, so that those who listen are told of both together.
          const more = commitAll()
          if (group.length > 0) await Promise.race([more, delay(LONGEST_HOLD, null, { ref: false })])
          for (const events of transactions) publish(events)
          for (const events of await more) publish(events)
        })
      })
    },
    change: (work) =>
      inTurn(async () => {
        const { result, events } = await database.write(async (tx, sql) => {
          const events: LogEvent[] = []
          return { result: await work(openLogTransaction(tx, sql, events)), events }
        }, CHANGE)
        publish(events)
        return result
      }),
    changeSql: (work) =>
      inTurn(async () => {
        const { result, events } = await database.writeSql(async (sql) => {
          const events: LogEvent[] = []
          return { result: await work(openSqlLogTransaction(sql, events)), events }
        }, CHANGE)
        publish(events)
        return result
      }),
    get waiting() {
      return group.length
    },
  }
}
