import { Gauge, type Registry } from 'prom-client'
import type { Passwords } from '../auth/passwords.ts'
import type { Database } from '../database/database.ts'
import { readGauge } from './gauge.ts'

export interface StorageState {
  database: Pick<Database, 'load' | 'provider'>
  passwords: Pick<Passwords, 'waiting'>
  isReady: () => Promise<boolean>
}

/** What else work waits for: the database, and the threads for passwords. */
export function addStorageMetrics(registry: Registry, { database, passwords, isReady }: StorageState): void {
  const registers = [registry]
  new Gauge({
    name: 'chatserver_ready',
    help: 'Whether this server takes work, as /ready says: 1, or 0 where the database can’t be written or it stops.',
    registers,
    async collect() {
      this.set(Number(await isReady()))
    },
  })
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
}

function addPoolMetrics(registry: Registry, database: StorageState['database']): void {
  const registers = [registry]
  const most = new Gauge({
    name: 'chatserver_database_pool_max_connections',
    help: 'Connections to PostgreSQL at most.',
    labelNames: ['pool'],
    registers,
  })
  const waiting = new Gauge({
    name: 'chatserver_database_pool_waiting_requests',
    help: 'Requests that wait for a connection to PostgreSQL.',
    labelNames: ['pool'],
    registers,
  })
  new Gauge({
    name: 'chatserver_database_pool_connections',
    help: 'Open connections to PostgreSQL.',
    labelNames: ['pool', 'state'],
    registers,
    collect() {
      for (const { name, ...load } of database.load().pools) {
        const pool = name
        most.set({ pool }, load.max)
        waiting.set({ pool }, load.waiting)
        this.set({ pool, state: 'busy' }, load.busy)
        this.set({ pool, state: 'idle' }, load.idle)
      }
    },
  })
}
