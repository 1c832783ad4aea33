import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import SqliteConnection from 'better-sqlite3'
import { StartError } from '../errors.ts'
import { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import type { Database } from './database.ts'
import { applyMigrations, sqliteMigrations } from './migrations.ts'
import { type SqlConnection, withinPrisma } from './sql-connection.ts'
import { connectSqlite } from './sqlite-connection.ts'
import { createWriteQueue } from './write-queue.ts'

const READER_TIMEOUT = 1_000 // ms that a read waits for another process' lock
const TRANSACTION_TIMEOUT = 60_000 // ms

const READING = ['query_only = ON']
const WRITING = ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON']

/**
 * SQLite in WAL mode, each commit on disk before it is answered (`synchronous=FULL`).
 *
 * Writes have a connection of their own and run one after another: on a shared one, a statement issued
 * while another request's transaction is open would join it, and be lost with its rollback.
 */
export async function openSqlite(path: string): Promise<Database> {
  requireWritableFiles(path)
  const lock = tryToLock(path)
  if (!lock) {
    throw new StartError(`Another ChatServer is running on the database ${path}: stop it, or set another DATABASE_URL.`)
  }
  try {
    keepPrivate(path)
    const writable = new PragmaAdapter(path, 0, WRITING)
    await applyMigrations(sqliteMigrations, writable)
    const writer = new PrismaClient({ adapter: writable })
    const writeSql = connectSqlite(path, 0, WRITING)
    await verifyDurability(withinPrisma(writer))
    await verifyDurability(writeSql)
    const read = new PrismaClient({ adapter: new PragmaAdapter(path, READER_TIMEOUT, READING) })
    await read.$connect()
    const readSql = connectSqlite(path, READER_TIMEOUT, READING)
    const queue = createWriteQueue(() => writeSql.transaction(() => touch(writeSql)))
    if (!(await queue.isWritable())) throw new Error('it is locked or read-only')

    return {
      provider: 'sqlite',
      read,
      readSql,
      write: (work) =>
        queue.enqueue(() => writer.$transaction((tx) => work(tx, withinPrisma(tx)), { timeout: TRANSACTION_TIMEOUT })),
      writeSql: (work) => queue.enqueue(() => writeSql.transaction(() => work(writeSql))),
      isWritable: queue.isWritable,
      load: () => ({ pools: [], queuedWrites: queue.size }),
      async close() {
        await queue.drained()
        await Promise.all([read.$disconnect(), writer.$disconnect()])
        readSql.close()
        writeSql.close()
        lock.close()
      },
    }
  } catch (error) {
    lock.close()
    if (error instanceof StartError) throw error
    const { message } = error as Error
    throw new StartError(`Can't open the database ${path} (${message}): mend it, or set another DATABASE_URL.`)
  }
}

/** SQLite would open them, and leave others beside them that are read-only as well. */
function requireWritableFiles(path: string) {
  for (const file of ['', '-wal', '-shm'].map((ending) => path + ending).filter((file) => existsSync(file))) {
    try {
      accessSync(file, constants.W_OK)
    } catch {
      throw new StartError(`Can't write to the database file ${file}: make it writable, or set another DATABASE_URL.`)
    }
  }
}

/**
 * A new file is its owner's alone: the database, as it will hold passwords' hashes; its lock, as whoever can read that can
 * take it too, and keep every server from starting. SQLite gives the files beside them the same mode.
 */
function keepPrivate(path: string) {
  // To close one that this process has locked would unlock it.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
}

/**
 * Two processes on one file would not hear of each other's messages. The system frees the lock of one that died.
 * @returns null where another process has it
 */
export function tryToLock(path: string): SqliteConnection.Database | null {
  let lock: SqliteConnection.Database | undefined
  try {
    mkdirSync(dirname(path), { recursive: true })
    keepPrivate(`${path}.lock`)
    lock = new SqliteConnection(`${path}.lock`, { timeout: 1_000 })
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock?.close()
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'SQLITE_BUSY') return null
    throw new StartError(
      `Can't write to the database ${path} (${message}): make its folder writable, or set another DATABASE_URL.`,
    )
  }
}

/** Prisma's adapter sets no pragma itself. */
class PragmaAdapter extends PrismaBetterSqlite3 {
  readonly #pragmas: string[]

  /** @param timeout ms that a statement waits for another process' lock, holding up this process */
  constructor(path: string, timeout: number, pragmas: string[]) {
    super({ url: path, timeout })
    this.#pragmas = pragmas
  }

  override async connect(): Promise<SqlDriverAdapter> {
    const connection = await super.connect()
    for (const pragma of this.#pragmas) await connection.executeScript(`PRAGMA ${pragma}`)
    return connection
  }
}

/** Some file systems refuse WAL, silently. */
async function verifyDurability(connection: SqlConnection) {
  const [journal] = await connection.all<{ journal_mode: string }>(Prisma.sql`PRAGMA journal_mode`)
  const [synchronous] = await connection.all<{ synchronous: bigint | number }>(Prisma.sql`PRAGMA synchronous`)
  const FULL = 2
  if (journal?.journal_mode !== 'wal' || Number(synchronous?.synchronous) !== FULL) {
    throw new StartError(`The database's file system supports no write-ahead log: move it to a local disk.`)
  }
}

/** Writes without changing anything in the end: SQLite doesn't write a value that is there already. */
async function touch(connection: SqlConnection) {
  await connection.run(Prisma.sql`UPDATE "Log" SET "position" = "position" + 1`)
  await connection.run(Prisma.sql`UPDATE "Log" SET "position" = "position" - 1`)
}
