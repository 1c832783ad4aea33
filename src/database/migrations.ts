import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm'
import { StartError } from '../errors.ts'

const PRISMA_FOLDER = join(import.meta.dirname, '../../prisma')

/** What brings one kind of database to its schema. */
export interface MigrationSet {
  provider: 'sqlite' | 'postgresql'
  schema: string
  folder: string
  /** Tables that migrations make by hand, and Prisma's schema can't name: the words' index and what it consists of, uploads' bytes. */
  externalTables: string[]
  /** Finds a row where migrations were applied already. */
  sqlOfTable: string
}

export const sqliteMigrations: MigrationSet = {
  provider: 'sqlite',
  schema: join(PRISMA_FOLDER, 'schema.prisma'),
  folder: join(PRISMA_FOLDER, 'migrations'),
  externalTables: ['', 'Words', '_data', '_idx', '_content', '_docsize', '_config'].map(
    (part) => `MessageSearch${part}`,
  ),
  sqlOfTable: `SELECT name FROM sqlite_master WHERE name = '_prisma_migrations'`,
}

export const postgresMigrations: MigrationSet = {
  provider: 'postgresql',
  schema: join(PRISMA_FOLDER, 'postgres/schema.prisma'),
  folder: join(PRISMA_FOLDER, 'postgres/migrations'),
  externalTables: ['public.MessageSearch', 'public.MediaChunk'],
  sqlOfTable: `SELECT 1 WHERE to_regclass('_prisma_migrations') IS NOT NULL`,
}

/**
 * Brings the database to the schema of this code, in Prisma's own migration format and table.
 * @throws StartError when the database holds migrations that this code doesn't know, or one that failed
 */
export async function applyMigrations(
  set: MigrationSet,
  factory: SqlMigrationAwareDriverAdapterFactory,
): Promise<void> {
  const known = await migrationNames(set)
  const applied = await appliedMigrations(set, factory)
  const unknown = applied.filter(({ name }) => !known.includes(name))
  if (unknown.length > 0) {
    const names = unknown.map(({ name }) => name).join(', ')
    throw new StartError(`The database is newer than this ChatServer (it has had ${names}): start the newer version.`)
  }
  const failed = applied.find(({ finished }) => !finished)
  if (failed) {
    throw new StartError(
      `The database's migration ${failed.name} failed half-way: restore a backup, or mend it by hand.`,
    )
  }
  if (applied.length === known.length) return

  const migrationsList = await readMigrations(set, known)
  await withSchemaEngine(set, factory, (engine) => engine.applyMigrations({ migrationsList, filters: filtersOf(set) }))
}

/** The SQL that would bring the database to the schema; null where it is there already. */
export async function missingMigration(
  set: MigrationSet,
  factory: SqlMigrationAwareDriverAdapterFactory,
): Promise<string | null> {
  const schema = { path: set.schema, content: await readFile(set.schema, 'utf8') }
  return withSchemaEngine(set, factory, async (engine) => {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files: [schema], configDir: PRISMA_FOLDER },
      to: { tag: 'schemaDatamodel', files: [schema] },
      script: true,
      exitCode: true,
      filters: filtersOf(set),
    })
    return exitCode === 2 ? stdout : null
  })
}

function filtersOf({ externalTables }: MigrationSet) {
  return { externalTables, externalEnums: [] }
}

/** Prisma's schema engine, loaded only where it is needed: most starts find nothing to migrate. */
async function withSchemaEngine<T>(
  set: MigrationSet,
  factory: SqlMigrationAwareDriverAdapterFactory,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await import('@prisma/schema-engine-wasm')
  const schema = await readFile(set.schema, 'utf8')
  // The engine leaves its connections open, and with them its locks.
  const connections: SqlDriverAdapter[] = []
  const remember = async (connecting: Promise<SqlDriverAdapter>) => {
    const connection = await connecting
    connections.push(connection)
    return connection
  }
  const adapter = bindMigrationAwareSqlAdapterFactory({
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: () => remember(factory.connect()),
    connectToShadowDb: () => remember(factory.connectToShadowDb()),
  })
  const engine = await SchemaEngine.new({ datamodels: [[set.schema, schema]] }, () => {}, adapter)
  try {
    return await work(engine)
  } finally {
    engine.free()
    await Promise.all(connections.map((connection) => connection.dispose()))
  }
}

/** The migrations of this code, in their order. */
export async function migrationNames({ folder }: MigrationSet): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
}

async function appliedMigrations(set: MigrationSet, factory: SqlMigrationAwareDriverAdapterFactory) {
  const connection = await factory.connect()
  const query = (sql: string) => connection.queryRaw({ sql, args: [], argTypes: [] })
  try {
    const table = await query(set.sqlOfTable)
    if (table.rows.length === 0) return []
    const { rows } = await query(
      'SELECT migration_name, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
    )
    return rows.map(([name, finishedAt]) => ({ name: String(name), finished: finishedAt !== null }))
  } finally {
    await connection.dispose()
  }
}

async function readMigrations({ provider, folder }: MigrationSet, names: string[]) {
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: `provider = "${provider}"` },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(join(folder, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
  }
}
