import { randomUUID } from 'node:crypto'
import { makeWholeFile } from '../backup/whole-file.ts'
import { migrationNames, sqliteMigrations } from '../database/migrations.ts'
import type { Snapshot } from '../database/snapshot.ts'
import { contentProgress, type ReportProgress } from './content-progress.ts'
import { type ExportContent, type ExportLine, exportHeader, writeExportFile } from './export-file.ts'
import { serverContent } from './server-content.ts'
import { createSums } from './sums.ts'
import { countRows } from './table-pages.ts'
import { movedTables } from './tables.ts'

/**
 * Writes all that a server keeps into one file, as it is at one moment.
 * @param mediaFolder where its uploads lie; null where the database keeps them
 * @throws BackupError where something has the file's name already
 */
export async function exportServer({
  snapshot: { sql, isServed },
  mediaFolder,
  target,
  onProgress = () => {},
}: {
  snapshot: Snapshot
  mediaFolder: string | null
  target: string
  onProgress?: ReportProgress
}): Promise<void> {
  async function* lines(): AsyncGenerator<ExportLine> {
    const tables = []
    for (const table of movedTables) {
      tables.push({ name: table.name, columns: table.columns, rows: await countRows(sql, table) })
    }
    yield exportHeader({
      id: randomUUID(),
      migrations: await migrationNames(sqliteMigrations),
      createdAt: new Date().toISOString(),
      tables,
    })
    const totals = Object.fromEntries(tables.map(({ name, rows }) => [name, rows]))
    const progress = contentProgress({ ...totals, uploads: totals['Media'] ?? 0 }, onProgress)
    const sums = createSums()
    for await (const line of serverContent(sql, mediaFolder)) {
      const moved = isServed ? withoutName(line) : line
      sums.add(moved)
      yield moved
      progress(line)
    }
    yield { end: sums.all() }
  }

  await makeWholeFile(target, (draft) => writeExportFile(draft, lines()))
}

/** A log that is still written to goes on without what is moved, which gets a name of its own at its first start. */
function withoutName(line: ExportContent): ExportContent {
  if (!('table' in line) || line.table !== 'Log') return line
  const epoch = movedTables.find(({ name }) => name === 'Log')?.columns.indexOf('epoch')
  return { ...line, rows: line.rows.map((row) => row.map((value, index) => (index === epoch ? '' : value))) }
}
