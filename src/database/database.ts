import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import type { SqlConnection } from './sql-connection.ts'
import { openSqlite } from './sqlite.ts'

/** A write of the log: what no other node's may happen beside. SQLite has one node. */
export interface WriteOptions {
  /**
   * `append` only adds messages, and may happen beside others that do, until they take positions; `change` is alone
   * with the log. Left out for what isn't of the log: it must lock the rows that it depends on.
   */
  log?: 'append' | 'change'
}

/** A transaction under way: what `Database.write` hands to its work. */
export type Transaction = Prisma.TransactionClient

export interface DatabaseLoad {
  /** Of PostgreSQL's connections; SQLite has none. */
  pools: PoolLoad[]
  /** SQLite's transactions that run one after another; PostgreSQL has no such queue. */
  queuedWrites: number
}

export interface PoolLoad {
  name: 'read' | 'write'
  /** Connections at most. */
  max: number
  busy: number
  idle: number
  /** Requests that wait for a connection. */
  waiting: number
}

export interface Database {
  readonly provider: 'sqlite' | 'postgresql'
  /** Sees what is committed, and can't write. */
  readonly read: PrismaClient
  /** As `read`, without Prisma in between. */
  readonly readSql: SqlConnection
  /**
   * Runs the work in a transaction, on SQLite after all that were asked for before it; once more from its beginning
   * where another process is in the way. When it resolves, what the work wrote is durable; when it
   * rejects, with whatever the work threw, nothing of it is left.
   * @param work is given the transaction through Prisma and, for what is written in SQL, without its model
   * @throws StorageError where the storage refuses to work
   */
  write<T>(work: (tx: Transaction, sql: SqlConnection) => Promise<T>, options?: WriteOptions): Promise<T>
  /** As `write`, for work that needs no Prisma: many times cheaper. */
  writeSql<T>(work: (sql: SqlConnection) => Promise<T>, options?: WriteOptions): Promise<T>
  /** Whether a write would succeed now; tried out, at most once a second. */
  isWritable(): Promise<boolean>
  /** What it has to do just now. */
  load(): DatabaseLoad
  /** Resolves when all writes asked for have ended and the connections are closed. */
  close(): Promise<void>
}

/** The path of an SQLite database's file, beside which lies what belongs to it. */
export function sqlitePath(url: string): string {
  return url.replace(/^file:/, '')
}

/**
 * Opens the database that a URL names and brings it to this code's schema.
 * @param connections to PostgreSQL at most, for reading and for writing together
 * @throws StartError where it can't be opened, is in use or is newer than the code
 */
export async function openDatabase(url: string, connections = 20): Promise<Database> {
  if (url.startsWith('file:')) return openSqlite(sqlitePath(url))
  // Who needs no PostgreSQL doesn't wait for it to be loaded.
  const { openPostgres } = await import('./postgres.ts')
  return openPostgres(url, connections)
}
