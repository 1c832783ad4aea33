import { setTimeout as delay } from 'node:timers/promises'
import { StorageError } from '../errors.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Transaction } from './database.ts'

const PATIENCE = 10_000 // ms that a write waits for another process' lock
const RETRY_INTERVAL = 25 // ms
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

  /** SQLite's own waiting would hold up the whole process, so it is told not to wait. */
  async function run<T>(work: (tx: Transaction) => Promise<T>, deadline: number): Promise<T> {
    for (;;) {
      try {
        return await writer.$transaction(work, { timeout: TRANSACTION_TIMEOUT })
      } catch (error) {
        const fault = storageFault(error)
        if (!fault) throw error
        if (fault !== 'SQLITE_BUSY' || Date.now() > deadline) throw new StorageError(fault, error)
        await delay(RETRY_INTERVAL)
      }
    }
  }

  function write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const deadline = Date.now() + PATIENCE
    const result = last.then(() => run(work, deadline))
    last = result.catch(() => {})
    return result
  }

  /** A write that changes nothing; one that has to wait counts as refused. */
  function probe(): Promise<boolean> {
    const probing = write((tx) => tx.$executeRaw`UPDATE "Log" SET "position" = "position"`)
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
  const { meta } = Object(error) as { meta?: { driverAdapterError?: { cause?: { originalCode?: string } } } }
  const code = meta?.driverAdapterError?.cause?.originalCode ?? ''
  return /^SQLITE_(BUSY|FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB)/.exec(code)?.[0] ?? null
}
