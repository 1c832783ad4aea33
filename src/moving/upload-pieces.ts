import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { flush } from '../backup/whole-file.ts'
import type { ExportPiece } from './export-file.ts'

const PIECE = 768 * 1_024 // bytes, which are a million of base64

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
