import pg from 'pg'
import type { PoolLoad } from './database.ts'
import { tryPatiently } from './postgres-faults.ts'

/** What its connections are called, by which PostgreSQL tells whether a server runs. */
export const APPLICATION = 'chatserver'
export const CONNECT_TIMEOUT = 5_000 // ms
const LONGEST_SILENCE = 5_000 // ms between two statements of a transaction

/**
 * Connections that can only read. Reads are tried again when the server was away.
 * @param max connections at most
 */
export function openReadPool(url: string, max: number): pg.Pool {
  return replacingBroken(new PatientPool(settingsOf(url, max, '-c default_transaction_read_only=on')))
}

/** @param max connections at most */
export function openWritePool(url: string, max: number): pg.Pool {
  return replacingBroken(new pg.Pool(settingsOf(url, max)))
}

/** What its connections do now. */
export function loadOf(name: PoolLoad['name'], pool: pg.Pool): PoolLoad {
  const { totalCount, idleCount: idle, waitingCount: waiting, options } = pool
  return { name, max: options.max, busy: totalCount - idle, idle, waiting }
}

/** A connection that breaks while nobody uses it is replaced; whoever uses one hears of it himself. */
function replacingBroken(pool: pg.Pool): pg.Pool {
  return pool.on('error', () => {})
}

/** Reads are tried again when the server was away, or has just closed the connection. */
class PatientPool extends pg.Pool {
  // biome-ignore lint/suspicious/noExplicitAny: pg's types have an overload for each way to call it.
  override query(...args: any): any {
    return tryPatiently(() => super.query.apply(this, args) as unknown as Promise<unknown>)
  }
}

function settingsOf(url: string, max: number, options = ''): pg.PoolConfig {
  return {
    // Prisma's adapter takes times to be in UTC, whatever zone they come with.
    // A node that is frozen or cut off would keep its locks, that of the log's counter among them, from all others.
    connectionString: nameConnection(
      url,
      APPLICATION,
      `-c timezone=UTC -c idle_in_transaction_session_timeout=${LONGEST_SILENCE} ${options}`,
    ),
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
  }
}

/** A URL with what must hold whatever it says itself, which pg would put first. */
export function nameConnection(url: string, application: string, options: string): string {
  const [address, query] = url.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set('application_name', application)
  parameters.set('options', `${parameters.get('options') ?? ''} ${options}`.trim())
  return `${address}?${parameters}`
}
