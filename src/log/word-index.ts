import type { SqlConnection } from '../database/sql-connection.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { Position } from './change.ts'
import { fts5Index } from './fts5-index.ts'
import { tsvectorIndex } from './tsvector-index.ts'

/** Words one after another; of the last one, the beginning suffices where `prefix` is set. */
export interface Phrase {
  words: string[]
  prefix: boolean
}

/** What a message is found by. */
export interface IndexEntry {
  /** Of the message's creation. */
  position: Position
  words: string[]
}

/** An index of words, by the database's own means. */
export interface WordIndex {
  /** With one statement whatever their number. None of them may be in the index. */
  add(connection: SqlConnection, entries: readonly IndexEntry[]): Promise<void>
  /** @param positions a list of values, or a query of them */
  remove(connection: SqlConnection, positions: Prisma.Sql): Promise<void>
  /**
   * The query of the newest entries, as "position".
   * @param terms of each, one phrase has to be there
   * @param upTo the newest that may be found
   */
  select(
    connection: SqlConnection,
    terms: readonly (readonly Phrase[])[],
    upTo: Position,
    limit: number,
  ): Promise<Prisma.Sql>
}

export function wordIndexOf({ provider }: SqlConnection): WordIndex {
  return provider === 'sqlite' ? fts5Index : tsvectorIndex
}
