import { BackupError } from '../backup/whole-file.ts'
import type { Database } from '../database/database.ts'
import type { SqlConnection } from '../database/sql-connection.ts'
import { findUnfinishedImport } from '../database/unfinished-import.ts'
import { type Message, Prisma } from '../generated/prisma/client.ts'
import { indexMessages } from '../log/message-index.ts'
import { checkExportFile } from './check-file.ts'
import { contentProgress, type ReportProgress } from './content-progress.ts'
import { type ExportEnd, type ExportPage, readExportFile } from './export-file.ts'
import { serverContent, tableNamed } from './server-content.ts'
import { createSums, differences } from './sums.ts'
import { movedTables } from './tables.ts'
import { createStoredUploadWriter, createUploadWriter } from './upload-pieces.ts'

/**
 * Puts an exported server into an empty database, its uploads too or into a folder, and compares what is there then with the file. Cut short
 * wherever, it goes on from there when it is run again; until it has ended, no server starts on the database.
 * @param mediaFolder where the uploads go; null for the database itself
 * @returns what the database and the folder hold now
 * @throws BackupError where the file is no whole export of this version, or the database isn't empty
 */
export async function importServer({
  source,
  database,
  mediaFolder,
  onProgress = () => {},
}: {
  source: string
  database: Database
  mediaFolder: string | null
  onProgress?: ReportProgress
}): Promise<ExportEnd['end']> {
  const { header, end } = await checkExportFile(source, onProgress)
  const totals = Object.fromEntries(Object.entries(end.tables).map(([name, { rows }]) => [name, rows]))
  const progressOf = (verb: string) =>
    contentProgress({ ...totals, uploads: end.uploads.rows }, (done, total, what) =>
      onProgress(done, total, `${verb} ${what}`),
    )

  const done = await begin(database, header.id)
  const progress = progressOf('importing')
  const writeUpload = mediaFolder === null ? createStoredUploadWriter(database) : createUploadWriter(mediaFolder)
  let number = 0
  for await (const line of readExportFile(source)) {
    number++
    if ('format' in line || 'end' in line) continue
    if (number > done) {
      if ('upload' in line) await writeUpload(line)
      // An upload counts when it is whole: until then it would begin anew.
      if ('table' in line || line.isLast) {
        await database.writeSql(async (sql) => {
          await markDone(sql, number)
          if ('table' in line) await insertPage(sql, line)
        })
      }
    }
    progress(line)
  }

  const arrived = await sumUp(database, mediaFolder, progressOf('comparing'))
  const differing = differences(end, arrived)
  if (differing.length > 0) {
    throw new BackupError(
      `What has arrived is not what the file holds: ${differing.join(', ')}. Empty it and try anew.`,
    )
  }
  await database.writeSql((sql) => sql.run(Prisma.sql`DELETE FROM "UnfinishedImport"`))
  return arrived
}

/** @returns how many lines of this file have been imported already */
async function begin(database: Database, file: string): Promise<number> {
  const unfinished = await findUnfinishedImport(database.readSql)
  if (unfinished && unfinished.file !== file) {
    throw new BackupError('The database holds a part of another export: import that one, or empty the database.')
  }
  if (unfinished) return unfinished.line
  for (const { name } of movedTables) {
    if (name === 'Log') continue
    const rows = await database.readSql.all(Prisma.sql`SELECT 1 AS "one" FROM ${Prisma.raw(`"${name}"`)} LIMIT 1`)
    if (rows.length > 0) {
      throw new BackupError(`The database isn't empty, but has rows in ${name}: import into one that no server ran on.`)
    }
  }
  await database.writeSql(async (sql) => {
    // The log comes with the file, its name included.
    await sql.run(Prisma.sql`DELETE FROM "Log"`)
    await sql.insert('UnfinishedImport', [{ id: 1, file, line: 0 }])
  })
  return 0
}

/** Also keeps another process from doing the same: PostgreSQL lets it in. */
async function markDone(sql: SqlConnection, line: number) {
  const marked = await sql.run(Prisma.sql`UPDATE "UnfinishedImport" SET "line" = ${line} WHERE "line" < ${line}`)
  if (marked === 0) throw new BackupError('Another process imports the same file at the same time: let it end.')
}

async function insertPage(sql: SqlConnection, { table: name, rows }: ExportPage): Promise<void> {
  const table = tableNamed(name)
  const values = rows.map(table.fromPlain)
  await sql.insert(table.name, values)
  if (name !== 'Message') return
  // FTS5 writes to the disk whenever a key is smaller than the one before.
  const messages = (values as unknown as Message[]).toSorted((a, b) => Number(a.createdPosition - b.createdPosition))
  await indexMessages(sql, messages)
}

async function sumUp({ readSql }: Database, mediaFolder: string | null, progress: ReturnType<typeof contentProgress>) {
  const sums = createSums()
  for await (const line of serverContent(readSql, mediaFolder)) {
    sums.add(line)
    progress(line)
  }
  return sums.all()
}
