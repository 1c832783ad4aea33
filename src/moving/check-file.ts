import { isDeepStrictEqual } from 'node:util'
import { BackupError } from '../backup/whole-file.ts'
import { migrationNames, sqliteMigrations } from '../database/migrations.ts'
import type { ReportProgress } from './content-progress.ts'
import { damaged, type ExportEnd, type ExportHeader, readExportFile } from './export-file.ts'
import { createSums, differences } from './sums.ts'
import { movedTables } from './tables.ts'

/**
 * Reads a whole export before anything of it is used.
 * @throws BackupError where it is cut off or altered, or from another version of ChatServer
 */
export async function checkExportFile(
  path: string,
  onProgress: ReportProgress,
): Promise<{ header: ExportHeader; end: ExportEnd['end'] }> {
  let header: ExportHeader | null = null
  let end: ExportEnd['end'] | null = null
  const sums = createSums()
  for await (const line of readExportFile(path, (done, total) => onProgress(done, total, 'checking'))) {
    if (end) throw damaged('it goes on after its end')
    if ('format' in line) {
      header = line
      await requireThisVersion(line)
    } else if ('end' in line) {
      end = line.end
    } else {
      sums.add(line)
    }
  }
  if (!header || !end) throw damaged('it has no end')
  const altered = differences(end, sums.all())
  if (altered.length > 0) throw damaged(`its ${altered.join(', ')} were altered`)
  return { header, end }
}

async function requireThisVersion({ migrations, tables }: ExportHeader) {
  const described = tables.map(({ name, columns }) => ({ name, columns }))
  const ours = movedTables.map(({ name, columns }) => ({ name, columns }))
  if (isDeepStrictEqual(migrations, await migrationNames(sqliteMigrations)) && isDeepStrictEqual(described, ours))
    return
  throw new BackupError(
    `The file is from another version of ChatServer, whose last migration is ${migrations.at(-1)}: import it with that version, and start this one then.`,
  )
}
