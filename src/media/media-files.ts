import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ChatError, StartError } from '../errors.ts'
import { HEAD_BYTES } from './media-types.ts'

/** An upload on disk, not kept yet. */
export interface ReceivedFile {
  /** In bytes. */
  size: number
  /** Its first bytes, HEAD_BYTES at most. */
  head: Buffer
  /** Gives it its name; durable when it resolves. */
  keep(id: string): Promise<void>
  /** Deletes it, where it wasn't kept. */
  discard(): Promise<void>
}

/** The folder that uploads lie in, each under its id. What isn't complete lies in a folder within. */
export interface MediaFiles {
  readonly folder: string
  /**
   * Writes a file to disk as it comes. Leaves nothing where it rejects: with what the body throws, or the disk.
   * @param limit bytes
   * @throws ChatError REQUEST_ENTITY_TOO_LARGE
   */
  receive(body: AsyncIterable<Buffer>, limit: number): Promise<ReceivedFile>
  /** It may be gone already. */
  remove(id: string): Promise<void>
}

/**
 * Makes the folder, and deletes what a killed process had begun to receive.
 * @throws StartError where it can't be written
 */
export async function openMediaFiles(folder: string): Promise<MediaFiles> {
  const incoming = join(folder, 'incoming')
  try {
    await rm(incoming, { recursive: true, force: true })
    await mkdir(incoming, { recursive: true, mode: 0o700 })
  } catch (error) {
    const reason = error instanceof Error ? error.message : error
    throw new StartError(`Can't write to the folder of uploads ${folder} (${reason}): make it writable.`)
  }

  return {
    folder,
    async receive(body, limit) {
      const path = join(incoming, randomUUID())
      const discard = () => rm(path, { force: true })
      try {
        const { size, head } = await write(path, body, limit)
        return {
          size,
          head,
          discard,
          async keep(id) {
            await rename(path, join(folder, id))
            await flushFolder(folder)
          },
        }
      } catch (error) {
        await discard()
        throw error
      }
    },
    remove: (id) => rm(join(folder, id), { force: true }),
  }
}

async function write(path: string, body: AsyncIterable<Buffer>, limit: number) {
  const file = await open(path, 'wx', 0o600)
  try {
    const head: Buffer[] = []
    let size = 0
    for await (const chunk of body) {
      if (size < HEAD_BYTES) head.push(chunk)
      size += chunk.length
      if (size > limit) throw tooLarge(limit)
      await file.writeFile(chunk)
    }
    await file.datasync()
    return { size, head: Buffer.concat(head).subarray(0, HEAD_BYTES) }
  } finally {
    await file.close()
  }
}

/** @param limit bytes */
export function tooLarge(limit: number): ChatError {
  return new ChatError('REQUEST_ENTITY_TOO_LARGE', `A file may have at most ${limit} bytes.`)
}

/** So that the file's name survives a power failure. Windows can't, and needn't. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
