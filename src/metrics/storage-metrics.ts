import { Gauge, type Registry } from 'prom-client'
import type { Passwords } from '../auth/passwords.ts'
import type { Database } from '../database/database.ts'
import { readGauge, readGauges } from './read-metrics.ts'

export interface StorageState {
  database: Pick<Database, 'load' | 'provider'>
  passwords: Pick<Passwords, 'waiting'>
  isReady: () => Promise<boolean>
}

/** What else work waits for: the database, and the threads for passwords. */
export function addStorageMetrics(registry: Registry, { database, passwords, isReady }: StorageState): void {
  readGauge(
    registry,
    'chatserver_waiting_passwords',
    'Passwords that wait for a thread to be hashed in.',
    () => passwords.waiting,
  )
  if (database.provider === 'sqlite') {
    readGauge(
      registry,
      'chatserver_database_queued_writes',
      'SQLite’s transactions under way and waiting, which run one after another.',
      () => database.load().queuedWrites,
    )
  } else {
    addPoolMetrics(registry, database)
  }
  // After the queue has been read, as it puts a write into it.
  new Gauge({
    name: 'chatserver_ready',
    help: 'Whether this server takes work, as /ready says: 1, or 0 where the database can’t be written or it stops.',
    registers: [registry],
    async collect() {
      this.set(Number(await isReady()))
    },
  })
}

function addPoolMetrics(registry: Registry, { load }: StorageState['database']): void {
  readGauges(
    registry,
    {
      name: 'chatserver_database_pool_connections',
      help: 'Open connections to PostgreSQL.',
      labelNames: ['pool', 'state'],
    },
    () =>
      load().pools.flatMap(({ name: pool, busy, idle }) => [
        [{ pool, state: 'busy' }, busy],
        [{ pool, state: 'idle' }, idle],
      ]),
  )
  readGauges(
    registry,
    {
      name: 'chatserver_database_pool_max_connections',
      help: 'Connections to PostgreSQL at most.',
      labelNames: ['pool'],
    },
    () => load().pools.map(({ name: pool, max }) => [{ pool }, max]),
  )
  readGauges(
    registry,
    {
      name: 'chatserver_database_pool_waiting_requests',
      help: 'Requests that wait for a connection to PostgreSQL.',
      labelNames: ['pool'],
    },
    () => load().pools.map(({ name: pool, waiting }) => [{ pool }, waiting]),
  )
}
