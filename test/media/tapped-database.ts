import { type Database, openDatabase } from '../../src/database/database.ts'
import type { SqlConnection } from '../../src/database/sql-connection.ts'

/** Hears of each statement on the bytes of uploads before it runs, counted from 0; may hold it up, or break it. */
export type Tap = (number: number) => Promise<void> | void

/** Hands each statement on a connection to the test first, where it is one on the bytes of uploads. */
export async function openTapped(url: string, tap: Tap): Promise<Database> {
  const database = await openDatabase(url)
  let count = 0

  function tapped(sql: SqlConnection): SqlConnection {
    const first = async ({ text }: { text: string }) => {
      if (text.includes('"MediaChunk"')) await tap(count++)
    }
    return {
      ...sql,
      async all(statement) {
        await first(statement)
        return sql.all(statement)
      },
      async run(statement) {
        await first(statement)
        return sql.run(statement)
      },
    }
  }

  return {
    ...database,
    readSql: tapped(database.readSql),
    writeSql: (work, options) => database.writeSql((sql) => work(tapped(sql)), options),
  }
}
