import { setTimeout as delay } from 'node:timers/promises'
import { StorageError } from '../errors.ts'

const PATIENCE = 10_000 // ms that all writes together wait for another process that holds the database
const RETRY_INTERVAL = 25 // ms
const OBLIVION = 1_000 // ms without a try, after which the waiting begins anew
const PROBE_INTERVAL = 1_000 // ms between two tries whether the database can be written

export interface WriteQueue {
  /**
   * Runs a transaction after all that were asked for before it.
   * @param transact begins it, commits it and resolves; called again where another process holds the database
   * @throws StorageError where the storage refuses to work
   */
  enqueue<T>(transact: () => Promise<T>): Promise<T>
  /** Transactions that were asked for and haven't ended. */
  readonly size: number
  /** See `Database.isWritable`. */
  isWritable(): Promise<boolean>
  /** Resolves when all that was asked for has ended. */
  drained(): Promise<void>
}

/**
 * Runs all transactions of a database one after another, on whichever connection.
 * @param probe a transaction that writes, and changes nothing in the end
 */
export function createWriteQueue(probe: () => Promise<unknown>): WriteQueue {
  let last: Promise<unknown> = Promise.resolve()
  let size = 0
  /** When another process was first and last seen to hold the database. */
  let held: { since: number; seen: number } | null = null

  /** SQLite's own waiting would hold up the whole process, so it is told not to wait. */
  async function run<T>(transact: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const result = await transact()
        held = null
        return result
      } catch (error) {
        const fault = storageFault(error)
        if (!fault) throw error
        // Who has waited behind others has no patience of his own left: ten thousand would wait for days.
        if (fault !== 'SQLITE_BUSY' || heldFor() > PATIENCE) throw new StorageError(fault, error)
        await delay(RETRY_INTERVAL)
      }
    }
  }

  /** ms since when it has been held, as far as anybody tried */
  function heldFor(): number {
    const now = Date.now()
    held = { since: held && now - held.seen < OBLIVION ? held.since : now, seen: now }
    return now - held.since
  }

  function enqueue<T>(transact: () => Promise<T>): Promise<T> {
    size++
    const result = last.then(() => run(transact)).finally(() => size--)
    last = result.catch(() => {})
    return result
  }

  /** A write that has to wait counts as refused. */
  function tryToWrite(): Promise<boolean> {
    const probing = enqueue(probe)
    const waiting = delay(PROBE_INTERVAL, false, { ref: false })
    return Promise.race([
      probing.then(
        () => true,
        () => false,
      ),
      waiting,
    ])
  }

  let probed: { at: number; result: Promise<boolean> } | null = null

  return {
    enqueue,
    get size() {
      return size
    },
    isWritable() {
      const now = Date.now()
      if (!probed || now - probed.at >= PROBE_INTERVAL) probed = { at: now, result: tryToWrite() }
      return probed.result
    },
    async drained() {
      await last
    },
  }
}

/** SQLite's code, where the fault is the disk's or another process', not the statement's. */
function storageFault(error: unknown): string | null {
  // Prisma wraps what a statement throws, but not what the commit does; without Prisma, it is SQLite's own.
  const { meta, code } = Object(error) as { meta?: { driverAdapterError?: unknown }; code?: string }
  const { cause } = Object(meta?.driverAdapterError ?? error) as { cause?: { originalCode?: string } }
  const original = cause?.originalCode ?? String(code)
  return /^SQLITE_(BUSY|FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB)/.exec(original)?.[0] ?? null
}
