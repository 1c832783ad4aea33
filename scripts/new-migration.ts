// npm run migration -- <name>: writes the migrations that bring databases to prisma/schema.prisma, one for SQLite and
// one for PostgreSQL, of which it needs a server: POSTGRES_URL, where it may create a database.
// npm run migration -- --check: fails where SQLite's is missing; PostgreSQL's is checked by a test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { Command } from 'commander'
import pg from 'pg'
import {
  applyMigrations,
  type MigrationSet,
  missingMigration,
  postgresMigrations,
  sqliteMigrations,
} from '../src/database/migrations.ts'
import { DescribingPool } from './describing-pool.ts'
import { readCommandLine } from './read-command-line.ts'

const commandLine = new Command('npm run migration --')
  .description(
    'Writes the migrations that bring databases to prisma/schema.prisma; PostgreSQL’s where POSTGRES_URL names a server.',
  )
  .argument('[name]', 'of the migration, such as add-reactions')
  .option('--check', 'fails where SQLite’s is missing, and writes nothing', false)
const command = readCommandLine(commandLine)
const [name] = command.args
const { check } = command.opts<{ check: boolean }>()
if (!name && !check) command.error('Name the migration: npm run migration -- add-reactions')
const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)

async function writeMissing(set: MigrationSet, factory: SqlMigrationAwareDriverAdapterFactory) {
  await applyMigrations(set, factory)
  const sql = await missingMigration(set, factory)
  if (!sql) {
    console.log(`The migrations of ${set.provider} lead to the data model: nothing to do.`)
  } else if (check) {
    console.error('prisma/schema.prisma has changed without a migration: npm run migration -- <name>')
    process.exitCode = 1
  } else {
    const target = join(set.folder, `${stamp}_${name}`)
    mkdirSync(target)
    // Texts compare by their bytes, as in SQLite: whatever the database's own collation, pages have one order.
    writeFileSync(
      join(target, 'migration.sql'),
      set === postgresMigrations ? sql.replaceAll(/(" )TEXT\b/g, '$1TEXT COLLATE "C"') : sql,
    )
    console.log(`Written: ${target}`)
  }
}

async function withSqlite(work: (factory: SqlMigrationAwareDriverAdapterFactory) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'chatserver-migration-'))
  try {
    await work(new PrismaBetterSqlite3({ url: join(folder, 'migrated.db') }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function withPostgres(url: string, work: (factory: SqlMigrationAwareDriverAdapterFactory) => Promise<void>) {
  const database = `migration_${process.pid}`
  const admin = new pg.Client(url)
  await admin.connect()
  await admin.query(`CREATE DATABASE ${database}`)
  try {
    const target = new URL(url)
    target.pathname = database
    const pool = new DescribingPool({ connectionString: target.href })
    await work(new PrismaPg(pool))
    await pool.end()
  } finally {
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`)
    await admin.end()
  }
}

await withSqlite((factory) => writeMissing(sqliteMigrations, factory))
const { POSTGRES_URL } = process.env
if (POSTGRES_URL) await withPostgres(POSTGRES_URL, (factory) => writeMissing(postgresMigrations, factory))
else if (!check) console.error('PostgreSQL’s was not looked for: set POSTGRES_URL.')
