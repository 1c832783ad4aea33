// npm run import -- <file>: puts what npm run export wrote into the empty database that DATABASE_URL names.
import { openDatabase } from '../src/database/database.ts'
import { mediaFolderOf } from '../src/media/media-folder.ts'
import { importServer } from '../src/moving/import-server.ts'
import { runFileCommand } from './run-command.ts'

await runFileCommand(
  'import',
  'Puts what npm run export wrote into an empty database.',
  async (source, config, progress) => {
    const database = await openDatabase(config.databaseUrl)
    try {
      const { tables, uploads } = await importServer({
        source,
        database,
        mediaFolder: mediaFolderOf(config),
        onProgress: progress.report,
      })
      const counts = Object.entries(tables).map(([name, { rows }]) => `${rows} ${name}`)
      return `All has arrived, counts and checksums are the file's: ${counts.join(', ')}, ${uploads.rows} uploads.`
    } finally {
      await database.close()
    }
  },
)
