import type { Config } from '../config.ts'
import { sqlitePath } from '../database/database.ts'

/** Where uploads are kept; null where PostgreSQL keeps them itself. */
export function mediaFolderOf({ mediaFolder, databaseUrl }: Pick<Config, 'mediaFolder' | 'databaseUrl'>) {
  return mediaFolder ?? (databaseUrl.startsWith('file:') ? `${sqlitePath(databaseUrl)}.media` : null)
}
