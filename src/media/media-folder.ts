import type { Config } from '../config.ts'
import { sqlitePath } from '../database/database.ts'

/** Where uploads lie: as it is set, beside an SQLite database, or with PostgreSQL in a folder that all nodes share. */
export function mediaFolderOf({ mediaFolder, databaseUrl }: Pick<Config, 'mediaFolder' | 'databaseUrl'>): string {
  return mediaFolder ?? (databaseUrl.startsWith('file:') ? `${sqlitePath(databaseUrl)}.media` : 'data/media')
}
