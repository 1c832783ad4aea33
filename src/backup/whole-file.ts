import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A backup, an export or an import that can't be. Shown as one line, without a stack. */
export class BackupError extends Error {}

/**
 * Makes a file that is whole and durable under its name, or not there at all. Only its owner may read it.
 * @param write fills the empty file at the path that it is given
 * @throws BackupError where there is something under the name already, or another is being made
 */
export async function makeWholeFile<T>(path: string, write: (draft: string) => Promise<T>): Promise<T> {
  return makeWhole(path, write, async (draft) => (await open(draft, 'wx', 0o600)).close())
}

/** As `makeWholeFile`, for a folder. */
export async function makeWholeFolder<T>(path: string, fill: (draft: string) => Promise<T>): Promise<T> {
  return makeWhole(path, fill, (draft) => mkdir(draft, 0o700))
}

async function makeWhole<T>(
  path: string,
  work: (draft: string) => Promise<T>,
  begin: (draft: string) => Promise<unknown>,
): Promise<T> {
  const draft = `${path}.part`
  if (await isThere(path)) throw new BackupError(`${path} is there already: give another name, or delete it.`)
  try {
    await begin(draft)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new BackupError(`${draft} is being made, or was left by a process that was killed: delete it in this case.`)
  }
  try {
    const result = await work(draft)
    await flush(draft)
    await rename(draft, path)
    await flush(dirname(path))
    return result
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}

/** So that a file's content, or a folder's names, survive a power failure. Windows can't for folders, and needn't. */
export async function flush(path: string): Promise<void> {
  if (process.platform === 'win32' && (await stat(path)).isDirectory()) return
  const handle = await open(path, 'r+').catch(() => open(path))
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
