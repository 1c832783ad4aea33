import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { StartError } from '../errors.ts'

const SHORTEST = 32 // characters

/**
 * The key of access tokens: the one set, or one made at the first start and kept beside the database. Call
 * it with the database open, whose lock keeps another server from making a second one.
 * @throws StartError where the kept one can't be read or made
 */
export async function loadJwtSecret({ jwtSecret, databaseUrl }: Config): Promise<string> {
  if (jwtSecret) return jwtSecret
  const path = `${databaseUrl.replace(/^file:/, '')}.jwt-secret`
  try {
    const kept = (await readIfThere(path)) ?? (await makeSecret(path))
    if (kept.length >= SHORTEST) return kept
  } catch (error) {
    const reason = error instanceof Error ? error.message : error
    throw new StartError(`Can't keep the key of access tokens beside the database (${reason}): set JWT_SECRET.`)
  }
  throw new StartError(
    `The key of access tokens in ${path} is empty or too short: delete it for a new one, or set JWT_SECRET.`,
  )
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

async function makeSecret(path: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  // Whole under its name or not there at all, whenever the power fails.
  const draft = `${path}.new`
  await writeFile(draft, `${secret}\n`, { mode: 0o600, flush: true })
  await rename(draft, path)
  return secret
}
