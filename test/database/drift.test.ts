import { readFile } from 'node:fs/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import { expect, onTestFinished, test } from 'vitest'
import { DescribingPool } from '../../scripts/describing-pool.ts'
import { derivePostgresSchema, POSTGRES_SCHEMA } from '../../scripts/postgres-schema.ts'
import { missingMigration, postgresMigrations } from '../../src/database/migrations.ts'
import { needs } from '../support/needs.ts'
import { newPostgresDatabase } from '../support/postgres-database.ts'

test('PostgreSQL’s schema is derived from the one there is', async () => {
  expect(await readFile(POSTGRES_SCHEMA, 'utf8')).toBe(derivePostgresSchema())
})

needs('postgres')('PostgreSQL’s migrations', () => {
  test('lead to its schema', async () => {
    const pool = await openPool()
    expect(await missingMigration(postgresMigrations, new PrismaPg(pool))).toBeNull()
  })

  test('compare texts by their bytes and keep times with their zone, whatever the database’s own ways', async () => {
    const pool = await openPool()
    const { rows } = await pool.query(`
      SELECT table_name || '.' || column_name AS "column", data_type AS type, collation_name AS collation
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`)
    const columns: { column: string; type: string; collation: string | null }[] = rows
    const texts = columns.filter(({ type }) => type === 'text')
    expect(texts.length).toBeGreaterThan(30)
    expect(texts.filter(({ collation }) => collation !== 'C')).toEqual([])
    expect(columns.filter(({ type }) => type.startsWith('timestamp') && !type.includes('with time zone'))).toEqual([])
  })
})

async function openPool(): Promise<DescribingPool> {
  const pool = new DescribingPool({ connectionString: await newPostgresDatabase() })
  onTestFinished(() => pool.end())
  return pool
}
