// npm run backup -- <file>: copies the SQLite database, of a running server too, and its uploads to <file>.media.
import { backUp } from '../src/backup/back-up.ts'
import { BackupError } from '../src/backup/whole-file.ts'
import { sqlitePath } from '../src/database/database.ts'
import { mediaFolderOf } from '../src/media/media-folder.ts'
import { runFileCommand } from './run-command.ts'

await runFileCommand(
  'backup',
  'Copies the SQLite database, of a running server too, and its uploads to <file>.media.',
  async (target, config, progress) => {
    const { databaseUrl } = config
    const mediaFolder = mediaFolderOf(config)
    if (!databaseUrl.startsWith('file:') || mediaFolder === null) {
      throw new BackupError('This is for SQLite: for PostgreSQL there is pg_dump, and npm run export.')
    }
    const { uploads, missing } = await backUp({
      source: sqlitePath(databaseUrl),
      mediaFolder,
      target,
      onProgress: progress.report,
    })
    const lacking = missing > 0 ? ` ${missing} more had no file.` : ''
    return `The backup is in ${target}; the files of ${uploads} uploads are in ${target}.media.${lacking}`
  },
)
