// npm run migration -- <name>: writes the migration that brings a database to prisma/schema.prisma.
// npm run migration -- --check: fails where one is missing.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { applyMigrations, MIGRATIONS_FOLDER, missingMigration } from '../src/database/migrations.ts'

const [name] = process.argv.slice(2)
if (!name) throw new Error('Name the migration: npm run migration -- add-reactions')

const folder = mkdtempSync(join(tmpdir(), 'chatserver-migration-'))
try {
  const factory = new PrismaBetterSqlite3({ url: join(folder, 'migrated.db') })
  await applyMigrations(factory)
  const sql = await missingMigration(factory)
  if (!sql) {
    console.log('The migrations lead to prisma/schema.prisma: nothing to do.')
  } else if (name === '--check') {
    console.error('prisma/schema.prisma has changed without a migration: npm run migration -- <name>')
    process.exitCode = 1
  } else {
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
    const target = join(MIGRATIONS_FOLDER, `${stamp}_${name}`)
    mkdirSync(target)
    writeFileSync(join(target, 'migration.sql'), sql)
    console.log(`Written: ${target}`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
