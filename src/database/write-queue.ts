import { setTimeout as delay } from 'node:timers/promises'
import { StorageError } from '../errors.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Transaction } from './database.ts'

const PATIENCE = 10_000 // ms that all writes together wait for another process that holds the database
const RETRY_INTERVAL = 25 // ms
const OBLIVION = 1_000 // ms without a try, after which the waiting begins anew
const TRANSACTION_TIMEOUT = 60_000 // ms
const PROBE_INTERVAL = 1_000 // ms between two tries whether the database can be written

export interface WriteQueue {
  /** See `Database.write`. */
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** See `Database.isWritable`. */
  isWritable(): Promise<boolean>
  /** Resolves when all that was asked for has ended. */
  drained(): Promise<void>
}

/** Runs the transactions of one connection one after another. */
export function createWriteQueue(writer: PrismaClient): WriteQueue {
  let last: Promise<unknown> = Promise.resolve()
  /** When another process was first and last seen to hold the database. */
  let held: { since: number; seen: number } | null = null

  /** SQLite's own waiting would hold up the whole process, so it is told not to wait. */
  async function run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const result = await writer.$transaction(work, { timeout: TRANSACTION_TIMEOUT })
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

  function write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const result = last.then(() => run(work))
    last = result.catch(() => {})
    return result
  }

  /** A write that changes nothing in the end; one that has to wait counts as refused. */
  function probe(): Promise<boolean> {
    const probing = write(async (tx) => {
      // SQLite doesn't write a value that is there already.
      await tx.$executeRaw`UPDATE "Log" SET "position" = "position" + 1`
      await tx.$executeRaw`UPDATE "Log" SET "position" = "position" - 1`
    })
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
    write,
    isWritable() {
      const now = Date.now()
      if (!probed || now - probed.at >= PROBE_INTERVAL) probed = { at: now, result: probe() }
      return probed.result
    },
    async drained() {
      await last
    },
  }
}

/** SQLite's code, where the fault is the disk's or another process', not the statement's. */
function storageFault(error: unknown): string | null {
  // Prisma wraps what a statement throws, but not what the commit does.
  const { meta } = Object(error) as { meta?: { driverAdapterError?: unknown } }
  const { cause } = Object(meta?.driverAdapterError ?? error) as { cause?: { originalCode?: string } }
  return /^SQLITE_(BUSY|FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB)/.exec(cause?.originalCode ?? '')?.[0] ?? null
}
