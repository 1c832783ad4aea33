import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, mkdir, open, opendir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ChatError, StartError } from '../errors.ts'
import { describeSize } from './byte-size.ts'
import { HEAD_BYTES } from './media-types.ts'

const ABANDONED_AFTER = 3_600_000 // ms in which nothing was written to it; an upload takes minutes at most
const PAGE = 500 // files listed at once

/** An upload on disk, not kept yet. */
export interface ReceivedFile {
  /** In bytes. */
  size: number
  /** Its first bytes, HEAD_BYTES at most. */
  head: Buffer
  /** What it holds, so many bytes at a time, while it is neither kept nor discarded. */
  read(chunkBytes: number): AsyncIterable<Buffer>
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
  has(id: string): Promise<boolean>
  /** The files that were kept, some at a time. */
  ids(): AsyncIterable<string[]>
  /** It may be gone already. */
  remove(id: string): Promise<void>
  /** Deletes what a killed process had begun to receive, once it is an hour old. */
  removeAbandoned(): Promise<void>
}

/**
 * Makes the folder, and deletes what a killed process had begun to receive.
 * @param isShared whether other processes may be receiving files into it
 * @throws StartError where it can't be written
 */
export async function openMediaFiles(folder: string, isShared: boolean): Promise<MediaFiles> {
  const incoming = join(folder, 'incoming')
  try {
    if (!isShared) await rm(incoming, { recursive: true, force: true })
    await mkdir(incoming, { recursive: true, mode: 0o700 })
    await removeAbandoned(incoming)
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
          read: (chunkBytes) => createReadStream(path, { highWaterMark: chunkBytes }),
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
    has: (id) =>
      access(join(folder, id)).then(
        () => true,
        () => false,
      ),
    async *ids() {
      let page: string[] = []
      for await (const { name } of await opendir(folder)) {
        if (!/^[0-9a-f]{32}$/.test(name)) continue
        page.push(name)
        if (page.length < PAGE) continue
        yield page
        page = []
      }
      yield page
    },
    remove: (id) => rm(join(folder, id), { force: true }),
    removeAbandoned: () => removeAbandoned(incoming),
  }
}

async function removeAbandoned(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name)
    // Meanwhile it may have been kept, or given up.
    const stats = await stat(path).catch(() => null)
    if (stats && Date.now() - stats.mtimeMs > ABANDONED_AFTER) await rm(path, { force: true })
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
  return new ChatError(
    'REQUEST_ENTITY_TOO_LARGE',
    `A file may have at most ${describeSize(limit)}: send a smaller one.`,
  )
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
