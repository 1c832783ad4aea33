import { Prisma } from '../generated/prisma/client.ts'
import type { Phrase, WordIndex } from './word-index.ts'

const LONGEST_WORD = 512 // characters, of up to three bytes: PostgreSQL takes 2,046 bytes
const LAST_PLACE = 16_383 // in a text: PostgreSQL knows no later one

/** PostgreSQL's own full-text index, given words as they are: none of its dictionaries has a say. */
export const tsvectorIndex: WordIndex = {
  async add(connection, entries) {
    const rows = entries.map(({ position, words }) => ({ position: String(position), words: toVector(words) }))
    await connection.run(Prisma.sql`INSERT INTO "MessageSearch" ("position", "words")
      SELECT e."position", e."words" FROM json_to_recordset(${JSON.stringify(rows)}::json)
        AS e("position" bigint, "words" tsvector)`)
  },

  async remove(connection, positions) {
    await connection.run(Prisma.sql`DELETE FROM "MessageSearch" WHERE "position" IN (${positions})`)
  },

  async select(_connection, terms, upTo, limit) {
    const query = terms.map((phrases) => `(${phrases.map(toQuery).join(' | ')})`).join(' & ')
    return Prisma.sql`SELECT "position" FROM "MessageSearch"
      WHERE "words" @@ ${query}::tsquery AND "position" <= ${upTo} ORDER BY "position" DESC LIMIT ${limit}`
  },
}

function toVector(words: string[]): string {
  return words.map((word, index) => `${quote(word)}:${Math.min(index + 1, LAST_PLACE)}`).join(' ')
}

function toQuery({ words, prefix }: Phrase): string {
  return words.map((word, index) => quote(word) + (prefix && index === words.length - 1 ? ':*' : '')).join(' <-> ')
}

function quote(word: string): string {
  // What is cut in the middle of a character would be no text.
  return `'${word.slice(0, LONGEST_WORD).toWellFormed().replaceAll(/['\\]/g, '$&$&')}'`
}
