import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { flush } from '../backup/whole-file.ts'
import type { Database } from '../database/database.ts'
import type { SqlConnection } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { CHUNK_BYTES } from '../media/database-store.ts'
import type { ExportPiece } from './export-file.ts'

const CHUNKS = 3 // that PostgreSQL keeps, in one piece
const PIECE = CHUNKS * CHUNK_BYTES // which are a million of base64

/** An upload's file, in pieces; none where there is no file. */
export async function* readUpload(folder: string, id: string): AsyncGenerator<ExportPiece> {
  const file = await open(join(folder, id)).catch((error: NodeJS.ErrnoException) => {
    // Nothing showed it any more, and it was swept meanwhile.
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!file) return
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(PIECE)
    let position = 0
    do {
      const { bytesRead } = await file.read(buffer, 0, PIECE, position)
      position += bytesRead
      const isLast = bytesRead === 0 || position >= size
      yield { upload: id, data: buffer.toString('base64', 0, bytesRead), isLast }
      if (isLast) return
    } while (true)
  } finally {
    await file.close()
  }
}

/** The same of an upload that PostgreSQL keeps itself. */
export async function* readStoredUpload(sql: SqlConnection, id: string): AsyncGenerator<ExportPiece> {
  const pieceAt = async (number: number) => {
    const first = number * CHUNKS
    const rows = await sql.all<{ bytes: Uint8Array }>(Prisma.sql`SELECT "bytes" FROM "MediaChunk"
      WHERE "mediaId" = ${id} AND "ordinal" >= ${first} AND "ordinal" < ${first + CHUNKS} ORDER BY "ordinal"`)
    return rows.length > 0 ? Buffer.concat(rows.map(({ bytes }) => bytes)).toString('base64') : null
  }
  let next = await pieceAt(0)
  for (let number = 1; next !== null; number++) {
    const data = next
    next = await pieceAt(number)
    yield { upload: id, data, isLast: next === null }
  }
}

/** As `createUploadWriter`, into the database. */
export function createStoredUploadWriter({ writeSql }: Database): (piece: ExportPiece) => Promise<void> {
  let current: string | null = null
  let next = 0

  return async ({ upload, data, isLast }) => {
    if (current !== upload) next = 0
    current = isLast ? null : upload
    const bytes = Buffer.from(data, 'base64')
    await writeSql(async (sql) => {
      let ordinal = next
      for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
        const chunk = bytes.subarray(from, from + CHUNK_BYTES)
        // Cut short, it begins anew.
        await sql.run(Prisma.sql`INSERT INTO "MediaChunk" ("mediaId", "ordinal", "bytes")
          VALUES (${upload}, ${ordinal++}, ${chunk}) ON CONFLICT DO NOTHING`)
      }
    })
    next += Math.ceil(bytes.length / CHUNK_BYTES)
  }
}

/** Writes an upload's next piece; begins it anew with its first one. The file is durable under its id with its last one. */
export function createUploadWriter(folder: string): (piece: ExportPiece) => Promise<void> {
  // Where the server looks for what was cut short, and deletes it.
  const incoming = join(folder, 'incoming')
  let current: string | null = null

  return async ({ upload, data, isLast }) => {
    const draft = join(incoming, upload)
    if (current === null) await mkdir(incoming, { recursive: true, mode: 0o700 })
    const file = await open(draft, current === upload ? 'a' : 'w', 0o600)
    current = upload
    try {
      await file.writeFile(data, 'base64')
      if (isLast) await file.sync()
    } finally {
      await file.close()
    }
    if (!isLast) return
    await rename(draft, join(folder, upload))
    await flush(folder)
    current = null
  }
}
