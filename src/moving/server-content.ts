import type { SqlConnection } from '../database/sql-connection.ts'
import type { ExportContent } from './export-file.ts'
import { tablePages } from './table-pages.ts'
import { movedTables, type Table } from './tables.ts'
import { readStoredUpload, readUpload } from './upload-pieces.ts'

/**
 * All that a server keeps, in an order in which it can be put in again: its tables, then its uploads.
 * @param mediaFolder where these lie; null where the database keeps them
 */
export async function* serverContent(sql: SqlConnection, mediaFolder: string | null): AsyncGenerator<ExportContent> {
  for (const table of movedTables) {
    for await (const rows of tablePages(sql, table)) yield { table: table.name, rows }
  }
  const media = tableNamed('Media')
  const idColumn = media.columns.indexOf('id')
  for await (const rows of tablePages(sql, media)) {
    for (const row of rows) {
      const id = String(row[idColumn])
      yield* mediaFolder === null ? readStoredUpload(sql, id) : readUpload(mediaFolder, id)
    }
  }
}

/** @throws Error where there is none */
export function tableNamed(name: string): Table {
  const table = movedTables.find((one) => one.name === name)
  if (!table) throw new Error(`No table is named ${name}`)
  return table
}
