import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadJwtSecret } from '../../src/auth/jwt-secret.ts'
import { parseConfig } from '../../src/config.ts'
import { StartError } from '../../src/errors.ts'
import { temporaryFolder } from '../support/testkit.ts'

async function configure(env: Record<string, string> = {}) {
  const path = join(await temporaryFolder(), 'chat.db')
  return { config: parseConfig({ DATABASE_URL: `file:${path}`, ...env }), secretPath: `${path}.jwt-secret` }
}

test('the first start makes a secret that only its owner can read; later ones keep it', async () => {
  const { config, secretPath } = await configure()
  const secret = await loadJwtSecret(config)

  expect(secret.length).toBeGreaterThanOrEqual(43)
  expect(await readFile(secretPath, 'utf8')).toBe(`${secret}\n`)
  if (process.platform !== 'win32') expect((await stat(secretPath)).mode & 0o777).toBe(0o600)
  expect(await loadJwtSecret(config)).toBe(secret)
})

test('each server makes its own', async () => {
  const [one, other] = [await configure(), await configure()]
  expect(await loadJwtSecret(one.config)).not.toBe(await loadJwtSecret(other.config))
})

test('a secret that is set is taken as it is, and nothing is kept', async () => {
  const { config, secretPath } = await configure({ JWT_SECRET: 'x'.repeat(32) })

  expect(await loadJwtSecret(config)).toBe('x'.repeat(32))
  await expect(stat(secretPath)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('an empty file stops the start, rather than signing with nothing', async () => {
  const { config, secretPath } = await configure()
  await writeFile(secretPath, '\n')

  await expect(loadJwtSecret(config)).rejects.toThrow(StartError)
  await expect(loadJwtSecret(config)).rejects.toThrow(secretPath)
})

test('a place that can’t be written to stops the start', async () => {
  const databaseUrl = `file:${join(await temporaryFolder(), 'missing', 'chat.db')}`
  await expect(loadJwtSecret(parseConfig({ DATABASE_URL: databaseUrl }))).rejects.toThrow(/set JWT_SECRET/)
})
