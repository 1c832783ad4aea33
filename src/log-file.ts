import { once } from 'node:events'
import type { DestinationStream } from 'pino'
import { StartError } from './errors.ts'

/** Bytes that wait for a disk that takes no more; what comes then is dropped. */
export const MOST_WAITING = 1_000_000

export interface LogFileSettings {
  /** Of which the files' names begin: of `chat.log`, `chat.1.log` is the first. */
  path: string
  /** Of a file, after which the next one is begun. */
  bytes: number
  /** Files at most; the oldest ones are deleted. */
  files: number
}

export interface LogFile extends DestinationStream {
  /** Resolves when all that was written is on disk; what comes later is dropped. */
  close(): Promise<void>
}

/**
 * Log files that take turns. Each line is written at once, so that none is lost with the process. A disk that takes
 * no more doesn't end the server: stderr tells of it, and the lines go on when there is room again.
 * @throws StartError where they can't be written
 */
export async function openLogFile({ path, bytes, files }: LogFileSettings): Promise<LogFile> {
  // Loaded where it is used alone, as a start shouldn't wait for it.
  const { default: roll } = await import('pino-roll')
  const unusable = ({ message }: Error) => new StartError(`Can't write to LOG_FILE (${message}): set another one.`)
  const stream = await roll({
    file: path,
    size: `${bytes}b`,
    // Beside the one that is written to.
    ...(files > 1 && { limit: { count: files - 1, removeOtherLogFiles: true } }),
    mkdir: true,
    sync: true,
    maxLength: MOST_WAITING,
  }).catch((error) => {
    throw unusable(error)
  })
  let isFaulty = false
  let isClosed = false
  stream.on('error', ({ message }) => {
    if (!isFaulty) process.stderr.write(`LOG_FILE can't be written: ${message}\n`)
    isFaulty = true
  })
  stream.on('write', () => {
    isFaulty = false
  })
  if (stream.fd < 0) {
    await once(stream, 'ready').catch((error) => {
      throw unusable(error)
    })
  }
  return {
    write(line) {
      if (!isClosed) stream.write(line)
    },
    async close() {
      isClosed = true
      const closed = once(stream, 'close')
      stream.end()
      await closed
    },
  }
}
