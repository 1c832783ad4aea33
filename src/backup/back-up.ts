import { constants, copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import SqliteConnection from 'better-sqlite3'
import { BackupError, flush, isThere, makeWholeFile, makeWholeFolder } from './whole-file.ts'

const PATIENCE = 10_000 // ms that another process' lock is waited for
const STEP = 500 // pages copied at a time

export interface BackupReport {
  /** How many uploads were copied. */
  uploads: number
  /** Uploads whose file was not there: nothing shows them any more, or the folder is damaged. */
  missing: number
}

/**
 * Copies an SQLite database as it is at one moment, whether a server runs on it or not, and then the uploads that it
 * knows into the folder `<target>.media`. Nothing is under either name until it is whole.
 * @param source the path of the database's file
 * @param mediaFolder where its uploads lie
 * @param onProgress is told how many of how many parts are done
 * @throws BackupError where there is no database, it is damaged, or something has the name already
 */
export async function backUp({
  source,
  mediaFolder,
  target,
  onProgress = () => {},
}: {
  source: string
  mediaFolder: string
  target: string
  onProgress?: (done: number, total: number, what: string) => void
}): Promise<BackupReport> {
  if (!(await isThere(source))) throw new BackupError(`There is no database ${source}: set DATABASE_URL.`)
  return makeWholeFile(target, async (draft) => {
    await copyDatabase(source, draft, (done, total) => onProgress(done, total, 'pages'))
    const ids = prepareCopy(draft)
    // Uploads that come later are none of this state's, and those of this state stay while anything shows them.
    return makeWholeFolder(`${target}.media`, async (folder) => {
      let uploads = 0
      for (const [index, id] of ids.entries()) {
        uploads += await copyUpload(join(mediaFolder, id), join(folder, id))
        onProgress(index + 1, ids.length, 'uploads')
      }
      return { uploads, missing: ids.length - uploads }
    })
  })
}

async function copyDatabase(source: string, draft: string, onProgress: (done: number, total: number) => void) {
  const connection = new SqliteConnection(source, { fileMustExist: true, timeout: PATIENCE })
  try {
    connection.pragma('query_only = ON')
    // Within one reading transaction: otherwise the copying begins anew with each write of the server.
    connection.exec('BEGIN')
    connection.prepare('SELECT count(*) FROM sqlite_master').get()
    await connection.backup(draft, {
      progress({ totalPages, remainingPages }) {
        onProgress(totalPages - remainingPages, totalPages)
        return STEP
      },
    })
  } catch (error) {
    throw asBackupError(error)
  } finally {
    connection.close()
  }
}

/**
 * Makes the copy one file, without a journal beside it, and its log nameless: whenever it is restored, the server gives
 * it a new name, so that cursors from after the backup are refused. Looks whether it is whole.
 * @returns the ids of its uploads
 */
function prepareCopy(draft: string): string[] {
  const connection = new SqliteConnection(draft, { timeout: PATIENCE })
  try {
    connection.pragma('journal_mode = DELETE')
    connection.exec(`UPDATE "Log" SET "epoch" = ''`)
    const [fault] = connection.pragma('integrity_check(1)') as { integrity_check: string }[]
    if (fault?.integrity_check !== 'ok') {
      throw new BackupError(`The database is damaged (${fault?.integrity_check}): there is no backup of it.`)
    }
    const ids = connection.prepare<[], string>('SELECT "id" FROM "Media" ORDER BY "id"').pluck()
    return ids.all()
  } catch (error) {
    throw asBackupError(error)
  } finally {
    connection.close()
  }
}

/** @returns how many there were to copy: 1 or 0 */
async function copyUpload(from: string, to: string): Promise<number> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
  await flush(to)
  return 1
}

function asBackupError(error: unknown): unknown {
  if (!(error instanceof SqliteConnection.SqliteError)) return error
  return new BackupError(
    `Can't back up the database (${error.message}): see that nothing holds it, and that it is a ChatServer's.`,
  )
}
