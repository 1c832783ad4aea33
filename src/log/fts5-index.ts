import type { SqlConnection } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { Phrase, WordIndex } from './word-index.ts'

const FEW_WORDS = 32

/**
 * SQLite's FTS5, which tells words apart at the spaces and does nothing else with them. The newest come first without
 * sorting, as its keys are the positions.
 */
export const fts5Index: WordIndex = {
  // FTS5 writes to the disk at the end of each statement.
  async add(connection, entries) {
    const rows = entries.map(({ position, words }) => [Number(position), words.join(' ')])
    await connection.run(Prisma.sql`INSERT INTO "MessageSearch" (rowid, "words")
      SELECT value ->> 0, value ->> 1 FROM json_each(${JSON.stringify(rows)})`)
  },

  async remove(connection, positions) {
    await connection.run(Prisma.sql`DELETE FROM "MessageSearch" WHERE rowid IN (${positions})`)
  },

  async select(connection, terms, upTo, limit) {
    const parts = await Promise.all(
      terms.map(async (phrases) => {
        const alternatives = await Promise.all(phrases.map((phrase) => expressionsOf(connection, phrase)))
        return `(${alternatives.flat().join(' OR ')})`
      }),
    )
    return Prisma.sql`SELECT rowid AS "position" FROM "MessageSearch"
      WHERE "MessageSearch" MATCH ${parts.join(' AND ')} AND rowid <= ${upTo} ORDER BY rowid DESC LIMIT ${limit}`
  },
}

/**
 * The beginning of a few words is looked up as these words: where it has more than two letters, which are indexed, FTS5
 * itself would first read all that any of them is in.
 */
async function expressionsOf(connection: SqlConnection, { words, prefix }: Phrase): Promise<string[]> {
  if (!prefix) return [quote(words)]
  const beginning = words.at(-1) ?? ''
  const endings = await wordsBeginningWith(connection, beginning)
  if (endings.length > FEW_WORDS) return [`${quote(words)}*`]
  return (endings.length > 0 ? endings : [beginning]).map((word) => quote(words.with(-1, word)))
}

/** One more than `FEW_WORDS` at most, each by a look-up of its own. */
async function wordsBeginningWith(connection: SqlConnection, beginning: string): Promise<string[]> {
  const words: string[] = []
  for (let from = beginning; words.length <= FEW_WORDS; ) {
    const [next] = await connection.all<{ term: string }>(
      Prisma.sql`SELECT "term" FROM "MessageSearchWords" WHERE "term" >= ${from} LIMIT 1`,
    )
    if (!next?.term.startsWith(beginning)) break
    words.push(next.term)
    // No word holds this character, so that this is the least that comes after the word.
    from = `${next.term}\u0001`
  }
  return words
}

function quote(words: string[]): string {
  return `"${words.join(' ').replaceAll('"', '""')}"`
}
