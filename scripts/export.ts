// npm run export -- <file>: writes all that the server keeps, uploads included, into one file for npm run import.
import { openSnapshot } from '../src/database/snapshot.ts'
import { mediaFolderOf } from '../src/media/media-folder.ts'
import { exportServer } from '../src/moving/export-server.ts'
import { runFileCommand } from './run-command.ts'

await runFileCommand(
  'export',
  'Writes all that the server keeps, uploads included, into one file for npm run import.',
  async (target, config, progress) => {
    const snapshot = await openSnapshot(config.databaseUrl)
    try {
      await exportServer({
        snapshot,
        mediaFolder: mediaFolderOf(config),
        target,
        onProgress: progress.report,
      })
    } finally {
      await snapshot.close()
    }
    if (!snapshot.isServed) return `The server is in ${target}.`
    return `The server as it was when this began is in ${target}. It is a copy: to move, stop the server first, and clients keep their places.`
  },
)
