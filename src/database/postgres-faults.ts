import { setTimeout as delay } from 'node:timers/promises'
import { StorageError } from '../errors.ts'

const PATIENCE = 10_000 // ms that a statement or a transaction waits for a server that is away
const RETRY_INTERVAL = 100 // ms
const MOST_CONFLICTS = 5 // after which what was to be stored is itself at fault

/** What went wrong, where it was neither the statement's fault nor the data's. */
type Fault =
  /** Two transactions were in each other's way: this one begins anew, and finds what the other has done. */
  | 'conflict'
  /** No connection, or the server is stopping, starting, no longer the primary, or tired of waiting for us. */
  | 'away'
  /** The connection was known to be broken, so that the statement was not sent. */
  | 'unsent'
  /** The statement was prepared before a migration changed its tables, as one of a newer node does: another connection prepares it anew. */
  | 'outdated'
  /** The disk is full, or nothing may be written. */
  | 'refused'

const SOCKET_FAULTS = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENETRESET'],
])

/** @returns what ended it, and PostgreSQL's code or the socket's; null where the statement itself was wrong */
export function postgresFault(error: unknown): { fault: Fault; code: string } | null {
  // Prisma wraps what a statement throws.
  const {
    meta,
    code: own,
    syscall,
    message = '',
  } = Object(error) as {
    meta?: { driverAdapterError?: { cause?: { originalCode?: string; kind?: string } } }
    code?: string
    syscall?: string
    message?: string
  }
  const cause = meta?.driverAdapterError?.cause ?? (Object(error) as { cause?: { kind?: string } }).cause
  const { originalCode, kind } = Object(cause) as { originalCode?: string; kind?: string }
  const code = originalCode ?? own ?? ''
  if (/^(40001|40P01|23505|P2002|P2034)$/.test(code) || kind === 'TransactionWriteConflict')
    return { fault: 'conflict', code }
  if (/^(08|57P0|53300|25P03)/.test(code) || SOCKET_FAULTS.has(code)) return { fault: 'away', code }
  // A socket's file is missing; of any other file, it would be the work's own fault.
  if (code === 'ENOENT' && syscall === 'connect') return { fault: 'away', code }
  if (/^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/.test(String(kind))) {
    return { fault: 'away', code: kind ?? '' }
  }
  if (/is not queryable/.test(message)) return { fault: 'unsent', code: 'ECONNRESET' }
  // pg gives no code where the server is gone in the middle of a statement.
  if (/Connection terminated|timeout exceeded when trying/.test(message)) {
    return { fault: 'away', code: 'ECONNRESET' }
  }
  if (code === '0A000' && /cached plan/.test(message)) return { fault: 'outdated', code }
  if (/^(53|58|25006)/.test(code)) return { fault: 'refused', code }
  return null
}

/**
 * Tries until it succeeds, while that may help.
 * @param attempt leaves nothing where it rejects
 * @param isSafe whether nothing of it can have happened, so that it may be tried again
 * @throws StorageError where the server stays away, or it isn't known whether it has happened
 */
export async function tryPatiently<T>(attempt: () => Promise<T>, isSafe: () => boolean = () => true): Promise<T> {
  const end = performance.now() + PATIENCE
  for (let conflicts = 0; ; ) {
    try {
      return await attempt()
    } catch (error) {
      const found = postgresFault(error)
      if (!found && isSafe()) throw error
      const { fault, code } = found ?? { fault: null, code: 'unknown' }
      if (fault === 'conflict' && ++conflicts === MOST_CONFLICTS) throw error
      // PostgreSQL itself undoes what conflicts.
      const isPointless = !fault || fault === 'refused' || (fault === 'away' && !isSafe()) || performance.now() > end
      if (isPointless) throw new StorageError(code, error)
      if (fault === 'away' || fault === 'unsent') await delay(RETRY_INTERVAL)
    }
  }
}
