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
const SCHEMA = join(PRISMA_FOLDER, 'schema.prisma')
export const MIGRATIONS_FOLDER = join(PRISMA_FOLDER, 'migrations')

/** Tables that migrations make by hand, and Prisma's schema can't name: full-text indexes, and what they consist of. */
const FULL_TEXT_INDEXES = ['MessageSearch']
const externalTables = FULL_TEXT_INDEXES.flatMap((name) =>
  ['', 'Words', '_data', '_idx', '_content', '_docsize', '_config'].map((part) => `${name}${part}`),
)
const filters = { externalTables, externalEnums: [] }

/**
 * Brings the database to the schema of this code, in Prisma's own migration format and table.
 * @throws StartError when the database holds migrations that this code doesn't know, or one that failed
 */
export async function applyMigrations(factory: SqlMigrationAwareDriverAdapterFactory): Promise<void> {
  const known = await migrationNames()
  const applied = await appliedMigrations(factory)
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

  const migrationsList = await readMigrations(known)
  await withSchemaEngine(factory, (engine) => engine.applyMigrations({ migrationsList, filters }))
}

/** The SQL that would bring the database to prisma/schema.prisma; null where it is there already. */
export async function missingMigration(factory: SqlMigrationAwareDriverAdapterFactory): Promise<string | null> {
  const schema = { path: SCHEMA, content: await readFile(SCHEMA, 'utf8') }
  return withSchemaEngine(factory, async (engine) => {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files: [schema], configDir: PRISMA_FOLDER },
      to: { tag: 'schemaDatamodel', files: [schema] },
      script: true,
      exitCode: true,
      filters,
    })
    return exitCode === 2 ? stdout : null
  })
}

/** Prisma's schema engine, loaded only where it is needed: most starts find nothing to migrate. */
async function withSchemaEngine<T>(
  factory: SqlMigrationAwareDriverAdapterFactory,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await import('@prisma/schema-engine-wasm')
  const schema = await readFile(SCHEMA, 'utf8')
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
  const engine = await SchemaEngine.new({ datamodels: [[SCHEMA, schema]] }, () => {}, adapter)
  try {
    return await work(engine)
  } finally {
    engine.free()
    await Promise.all(connections.map((connection) => connection.dispose()))
  }
}

/** The migrations of this code, in their order. */
export async function migrationNames(): Promise<string[]> {
  const entries = await readdir(MIGRATIONS_FOLDER, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
}

async function appliedMigrations(factory: SqlMigrationAwareDriverAdapterFactory) {
  const connection = await factory.connect()
  const query = (sql: string) => connection.queryRaw({ sql, args: [], argTypes: [] })
  try {
    const table = await query(`SELECT name FROM sqlite_master WHERE name = '_prisma_migrations'`)
    if (table.rows.length === 0) return []
    const { rows } = await query(
      'SELECT migration_name, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
    )
    return rows.map(([name, finishedAt]) => ({ name: String(name), finished: finishedAt !== null }))
  } finally {
    await connection.dispose()
  }
}

async function readMigrations(names: string[]) {
  return {
    baseDir: MIGRATIONS_FOLDER,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "sqlite"' },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(join(MIGRATIONS_FOLDER, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
  }
}
