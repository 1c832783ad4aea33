import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DestinationStream } from 'pino'
import { StartError } from './errors.ts'

const OWNER_ONLY = 0o600 // as it holds ids of users and addresses of clients

export interface LogFileSettings {
  /** Of the file that is written to; the one before is called the same with `.1` at its end, the older ones `.2` and so on. */
  path: string
  /** Of a file, after which the next one is begun. */
  bytes: number
  /** Files at most; the oldest ones are deleted. */
  files: number
}

export interface LogFile extends DestinationStream {
  /** What comes later is dropped. */
  close(): void
}

/**
 * Log files that take turns. Each line is with the system before the next one comes, so that none is lost with the
 * process. A disk that takes no more ends nothing: stderr tells of it, lines are dropped, and go on when there is room.
 *
 * Not by a library: those that there are wait in memory for a disk that takes nothing, or in a loop that holds up all.
 * @throws StartError where it can't be written
 */
export function openLogFile({ path, bytes, files }: LogFileSettings): LogFile {
  let { fd, size } = open(path)
  let isClosed = false
  let isFaulty = false
  /** Whether the disk has taken the beginning of a line, and not its end. */
  let isCut = false

  function takeTurns(): void {
    // Where that fails, this file gets as much again before it is tried once more.
    size = 0
    if (files === 1) {
      ftruncateSync(fd)
      return
    }
    for (let age = files - 1; age > 0; age--) {
      try {
        renameSync(age === 1 ? path : `${path}.${age - 1}`, `${path}.${age}`)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      }
    }
    const old = fd
    fd = openSync(path, 'a', OWNER_ONLY)
    closeSync(old)
  }

  function append(line: string): void {
    const data = Buffer.from(isCut ? `\n${line}` : line)
    for (let from = 0; from < data.length; ) {
      const written = writeSync(fd, data, from)
      from += written
      size += written
      isCut = from < data.length
    }
  }

  /** Once, until it works again. */
  function attempt(work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      if (!isFaulty) process.stderr.write(`LOG_FILE can't be written: ${(error as Error).message}\n`)
      isFaulty = true
      return false
    }
  }

  return {
    write(line) {
      if (isClosed) return
      const hadTurns = size < bytes || attempt(takeTurns)
      if (attempt(() => append(line)) && hadTurns) isFaulty = false
    },
    close() {
      if (!isClosed) closeSync(fd)
      isClosed = true
    },
  }
}

function open(path: string): { fd: number; size: number } {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const fd = openSync(path, 'a', OWNER_ONLY)
    return { fd, size: fstatSync(fd).size }
  } catch (error) {
    throw new StartError(`Can't write to LOG_FILE (${(error as Error).message}): set another one.`)
  }
}
