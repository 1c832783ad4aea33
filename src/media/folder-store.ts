import type { Database } from '../database/database.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { MediaFiles } from './media-files.ts'
import { takeRoom } from './media-quota.ts'
import type { MediaStore } from './media-store.ts'

/**
 * Uploads in the folder alone: that of the only node, or one that all share.
 * @param bytesPerUser that one user may keep
 */
export function createFolderStore(database: Database, files: MediaFiles, bytesPerUser: number): MediaStore {
  return {
    async add(media, received) {
      // The row comes first, as no sweep would find a file without one.
      await database.writeSql(async (sql) => {
        await takeRoom(sql, media, bytesPerUser)
        await sql.insert('Media', [media])
      })
      try {
        await received.keep(media.id)
      } catch (error) {
        await files.remove(media.id)
        await database.writeSql((sql) => sql.run(Prisma.sql`DELETE FROM "Media" WHERE "id" = ${media.id}`))
        throw error
      }
    },
    async provide() {},
    async tidy() {},
  }
}
