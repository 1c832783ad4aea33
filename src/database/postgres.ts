import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { StartError } from '../errors.ts'
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts'
import { PrismaClient as PostgresClient } from '../generated/prisma-postgres/client.ts'
import type { Database, WriteOptions } from './database.ts'
import { applyMigrations, postgresMigrations } from './migrations.ts'
import { connectPostgres, withinPrismaPostgres } from './postgres-connection.ts'
import { postgresFault, tryPatiently } from './postgres-faults.ts'
import { loadOf, openReadPool, openWritePool } from './postgres-pool.ts'
import { TransactionalPool } from './transactional-pool.ts'

const CONNECTION_WAIT = 10_000 // ms that a transaction waits for a free connection
const TRANSACTION_TIMEOUT = 60_000 // ms
const PROBE_INTERVAL = 1_000 // ms between two looks whether the database can be written
/** What locks are taken under: any numbers that nobody else takes in this database. */
const MIGRATION_LOCK = 7_227_001
const LOG_LOCK = 7_227_002

/**
 * PostgreSQL, for any number of equal nodes. Reads and writes have pools of their own, so that no write waits for
 * a reader's connection. Each statement sees what was committed before it (READ COMMITTED); what must not happen beside
 * a write is kept off by locks: of the log (`WriteOptions`), and of rows.
 * @param connections at most, half of them for reading
 */
export async function openPostgres(url: string, connections: number): Promise<Database> {
  const reading = openReadPool(url, Math.ceil(connections / 2))
  const writing = openWritePool(url, Math.floor(connections / 2))
  try {
    await migrate(writing)
  } catch (error) {
    await Promise.all([reading.end(), writing.end()])
    if (error instanceof StartError) throw error
    throw new StartError(`Can't open the database (${(error as Error).message}): mend it, or set another DATABASE_URL.`)
  }
  const read = toPrisma(reading)
  const writer = toPrisma(writing)
  const readSql = connectPostgres(reading)
  let probed: { at: number; result: Promise<boolean> } | null = null

  async function writeSql<T>(work: Parameters<Database['writeSql']>[0], options?: WriteOptions): Promise<T> {
    let isCommitting = false
    return tryPatiently(
      async () => {
        isCommitting = false
        const client = await writing.connect()
        let fault: Error | undefined
        // A connection that breaks between two statements tells it this way; the next statement fails as well.
        const onError = (error: Error) => (fault = error)
        client.on('error', onError)
        try {
          await client.query(['BEGIN', ...lockOf(options)].join('; '))
          const result = await work(connectPostgres(client))
          isCommitting = true
          await client.query('COMMIT')
          return result as T
        } catch (error) {
          // What is broken is thrown away, and what can't run its prepared statements any more.
          if (postgresFault(error)?.fault === 'outdated') fault = error as Error
          await client.query('ROLLBACK').catch((broken) => (fault = broken))
          throw error
        } finally {
          client.off('error', onError)
          client.release(fault)
        }
      },
      () => !isCommitting,
    )
  }

  return {
    provider: 'postgresql',
    read,
    readSql,
    write(work, options) {
      let isCommitting = false
      return tryPatiently(
        () =>
          writer.$transaction(
            async (tx) => {
              isCommitting = false
              for (const lock of lockOf(options)) await tx.$executeRawUnsafe(lock)
              const result = await work(tx, withinPrismaPostgres(tx))
              isCommitting = true
              return result
            },
            { timeout: TRANSACTION_TIMEOUT, maxWait: CONNECTION_WAIT },
          ),
        () => !isCommitting,
      )
    },
    writeSql,
    isWritable() {
      const now = Date.now()
      if (!probed || now - probed.at >= PROBE_INTERVAL) probed = { at: now, result: isPrimary(writing) }
      return probed.result
    },
    load: () => ({ pools: [loadOf('read', reading), loadOf('write', writing)], queuedWrites: 0 }),
    async close() {
      await Promise.all([read.$disconnect(), writer.$disconnect()])
      await Promise.all([reading.end(), writing.end()])
    },
  }
}

function toPrisma(pool: pg.Pool): PrismaClient {
  // The two clients differ in their provider alone.
  return new PostgresClient({ adapter: new PrismaPg(pool) }) as unknown as PrismaClient
}

/** What a transaction begins with. */
function lockOf(options: WriteOptions | undefined): string[] {
  switch (options?.log) {
    case 'append':
      return [`SELECT pg_advisory_xact_lock_shared(${LOG_LOCK})`]
    case 'change':
      return [`SELECT pg_advisory_xact_lock(${LOG_LOCK})`]
    default:
      return []
  }
}

/** One node does it, and the others wait. Whatever cuts it short leaves nothing of it. */
async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  let fault: Error | undefined
  const onError = (error: Error) => (fault = error)
  client.on('error', onError)
  try {
    // Between two statements, Prisma's engine may have to be loaded.
    await client.query(`BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0;
      SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)
    await applyMigrations(postgresMigrations, new PrismaPg(new TransactionalPool(client)))
    await client.query('COMMIT')
  } catch (error) {
    fault = error as Error
    throw error
  } finally {
    client.off('error', onError)
    client.release(fault)
  }
}

async function isPrimary(pool: pg.Pool): Promise<boolean> {
  try {
    // Locks a row and leaves it as it is, which a standby or a full disk refuses.
    const { rows } = await pool.query(Prisma.sql`SELECT 1 FROM "Log" WHERE "id" = 1 FOR KEY SHARE`.text)
    return rows.length === 1
  } catch {
    return false
  }
}
