import type { Database } from '../database/database.ts'
import { valuesAtLeastOnce } from '../database/sql-connection.ts'
import { notFound } from '../errors.ts'
import { type Media, Prisma } from '../generated/prisma/client.ts'
import type { MediaFiles, ReceivedFile } from './media-files.ts'
import { takeRoom } from './media-quota.ts'
import type { MediaStore } from './media-store.ts'

/** How much of an upload one row holds, and memory for each that comes or goes; the last row has what is left. */
export const CHUNK_BYTES = 262_144

/**
 * Uploads in PostgreSQL's database, in pieces: nodes share nothing else. The folder has copies of those that were
 * uploaded or asked for at this node.
 * @param deps.bytesPerUser that one user may keep
 * @param deps.signal ends what is under way
 */
export function createDatabaseStore(deps: {
  database: Database
  files: MediaFiles
  bytesPerUser: number
  signal: AbortSignal
}): MediaStore {
  const { database, files, bytesPerUser, signal } = deps
  const fetches = new Map<string, Promise<void>>()
  let lastInsertion: Promise<unknown> = Promise.resolve()

  function insert(media: Media, received: ReceivedFile): Promise<void> {
    return database.writeSql(async (sql) => {
      await takeRoom(sql, media, bytesPerUser)
      await sql.insert('Media', [media])
      let ordinal = 0
      for await (const bytes of received.read(CHUNK_BYTES)) {
        await sql.run(
          Prisma.sql`INSERT INTO "MediaChunk" ("mediaId", "ordinal", "bytes") VALUES (${media.id}, ${ordinal++}, ${bytes})`,
        )
      }
    })
  }

  async function* read({ id, size }: Media): AsyncIterable<Buffer> {
    for (let ordinal = 0, left = size; left > 0; ordinal++) {
      signal.throwIfAborted()
      const [chunk] = await database.readSql.all<{ bytes: Buffer }>(
        Prisma.sql`SELECT "bytes" FROM "MediaChunk" WHERE "mediaId" = ${id} AND "ordinal" = ${ordinal}`,
      )
      // It was deleted meanwhile.
      if (!chunk) throw notFound('File')
      left -= chunk.bytes.length
      yield chunk.bytes
    }
  }

  async function fetchFile(media: Media): Promise<void> {
    const received = await files.receive(read(media), media.size)
    try {
      await received.keep(media.id)
    } finally {
      await received.discard()
    }
  }

  async function findThere(ids: string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set()
    const rows = await database.readSql.all<{ id: string }>(
      Prisma.sql`SELECT "id" FROM "Media"
        WHERE "id" IN (${valuesAtLeastOnce(ids.map((id) => [id]))}) AND "removedAt" IS NULL`,
    )
    return new Set(rows.map(({ id }) => id))
  }

  return {
    async add(media, received) {
      // One at a time, as each holds one of the connections that messages are written through.
      const insertion = lastInsertion.then(() => insert(media, received))
      lastInsertion = insertion.catch(() => {})
      await insertion
      // Without its copy, this node fetches it as others do.
      await received.keep(media.id).catch(() => {})
    },

    async provide(media) {
      if (await files.has(media.id)) return
      let fetching = fetches.get(media.id)
      if (!fetching) {
        fetching = fetchFile(media).finally(() => fetches.delete(media.id))
        fetches.set(media.id, fetching)
      }
      await fetching
    },

    async tidy() {
      for await (const ids of files.ids()) {
        if (signal.aborted) return
        const there = await findThere(ids)
        for (const id of ids) if (!there.has(id)) await files.remove(id)
      }
    },
  }
}
