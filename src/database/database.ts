import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import type { SqlConnection } from './sql-connection.ts'
import { openSqlite } from './sqlite.ts'

/** A transaction under way: what `Database.write` hands to its work. */
export type Transaction = Prisma.TransactionClient

export interface Database {
  /** Sees what is committed, and can't write. */
  readonly read: PrismaClient
  /** As `read`, without Prisma in between. */
  readonly readSql: SqlConnection
  /**
   * Runs the work in a transaction, after all that were asked for before it; once more from its beginning
   * where another process holds the database. When it resolves, what the work wrote is durable; when it
   * rejects, with whatever the work threw, nothing of it is left.
   * @param work is given the transaction through Prisma and, for what is written in SQL, without its model
   * @throws StorageError where the storage refuses to work
   */
  write<T>(work: (tx: Transaction, sql: SqlConnection) => Promise<T>): Promise<T>
  /** As `write`, for work that needs no Prisma: many times cheaper. */
  writeSql<T>(work: (sql: SqlConnection) => Promise<T>): Promise<T>
  /** Whether a write would succeed now; tried out, at most once a second. */
  isWritable(): Promise<boolean>
  /** Resolves when all writes asked for have ended and the connections are closed. */
  close(): Promise<void>
}

/**
 * Opens the database that a URL names and brings it to this code's schema.
 * @throws StartError where it can't be opened, is in use or is newer than the code
 */
export async function openDatabase(url: string): Promise<Database> {
  return openSqlite(url)
}
