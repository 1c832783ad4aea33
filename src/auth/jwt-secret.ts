import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { type Database, sqlitePath } from '../database/database.ts'
import { StartError } from '../errors.ts'
import { Prisma, type Secret } from '../generated/prisma/client.ts'

const SHORTEST = 32 // characters

const NAME = 'jwt'

/**
 * The key of access tokens: the one set, or one made at the first start and kept beside an SQLite database, whose lock
 * keeps another server from making a second one. PostgreSQL keeps it itself, for all nodes.
 * @throws StartError where the kept one can't be read or made
 */
export async function loadJwtSecret({ jwtSecret, databaseUrl }: Config, database: Database): Promise<string> {
  if (jwtSecret) return jwtSecret
  return database.provider === 'sqlite' ? keptBeside(sqlitePath(databaseUrl)) : keptIn(database)
}

async function keptIn({ writeSql }: Database): Promise<string> {
  return writeSql(async (sql) => {
    await sql.run(
      Prisma.sql`INSERT INTO "Secret" ("name", "value") VALUES (${NAME}, ${newSecret()}) ON CONFLICT DO NOTHING`,
    )
    const [secret] = await sql.all<Secret>(Prisma.sql`SELECT * FROM "Secret" WHERE "name" = ${NAME}`)
    if (!secret) throw new StartError('The database keeps no key of access tokens: set JWT_SECRET.')
    return secret.value
  })
}

async function keptBeside(database: string): Promise<string> {
  const path = `${database}.jwt-secret`
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
  const secret = newSecret()
  // Whole under its name or not there at all, whenever the power fails.
  const draft = `${path}.new`
  await writeFile(draft, `${secret}\n`, { mode: 0o600, flush: true })
  await rename(draft, path)
  return secret
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}
