import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadJwtSecret } from '../../src/auth/jwt-secret.ts'
import { parseConfig } from '../../src/config.ts'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { StartError } from '../../src/errors.ts'
import { needs } from '../support/needs.ts'
import { newPostgresDatabase } from '../support/postgres-database.ts'
import { temporaryFolder } from '../support/testkit.ts'

async function configure(env: Record<string, string> = {}) {
  const path = join(await temporaryFolder(), 'chat.db')
  const config = parseConfig({ DATABASE_URL: `file:${path}`, ...env })
  const database = await open(config.databaseUrl)
  return { config, load: () => loadJwtSecret(config, database), secretPath: `${path}.jwt-secret` }
}

async function open(url: string): Promise<Database> {
  const database = await openDatabase(url)
  onTestFinished(() => database.close())
  return database
}

test('the first start makes a secret that only its owner can read; later ones keep it', async () => {
  const { load, secretPath } = await configure()
  const secret = await load()

  expect(secret.length).toBeGreaterThanOrEqual(43)
  expect(await readFile(secretPath, 'utf8')).toBe(`${secret}\n`)
  if (process.platform !== 'win32') expect((await stat(secretPath)).mode & 0o777).toBe(0o600)
  expect(await load()).toBe(secret)
})

test('each server makes its own', async () => {
  const [one, other] = [await configure(), await configure()]
  expect(await one.load()).not.toBe(await other.load())
})

test('a secret that is set is taken as it is, and nothing is kept', async () => {
  const { load, secretPath } = await configure({ JWT_SECRET: 'x'.repeat(32) })

  expect(await load()).toBe('x'.repeat(32))
  await expect(stat(secretPath)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('an empty file stops the start, rather than signing with nothing', async () => {
  const { load, secretPath } = await configure()
  await writeFile(secretPath, '\n')

  await expect(load()).rejects.toThrow(StartError)
  await expect(load()).rejects.toThrow(secretPath)
})

test('a place that can’t be written to stops the start', async () => {
  const { config } = await configure()
  const database = await open(`file:${join(await temporaryFolder(), 'chat.db')}`)
  const missing = `file:${join(await temporaryFolder(), 'missing', 'chat.db')}`
  await expect(loadJwtSecret({ ...config, databaseUrl: missing }, database)).rejects.toThrow(/set JWT_SECRET/)
})

needs('postgres')('In PostgreSQL', () => {
  test('one secret is kept for all nodes, whichever starts first', async () => {
    const url = await newPostgresDatabase()
    const nodes = await Promise.all([open(url), open(url)])
    const config = parseConfig({ DATABASE_URL: url })

    const [one, other] = await Promise.all(nodes.map((database) => loadJwtSecret(config, database)))
    expect(one?.length).toBeGreaterThanOrEqual(43)
    expect(other).toBe(one)
  })
})
