import { loadEnvFile } from 'node:process'
import { z } from 'zod'
import { StartError } from './errors.ts'

/** Every setting, with a default that works. `.env.example` lists them for people; a test compares the two. */
export const settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .startsWith('file:', 'must start with file: (SQLite)')
    .default('file:./data/chatserver.db'),
  JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  SEED_USERS: z.stringbool('must be true or false').optional(),
  NODE_ENV: z.string().optional(),
})

export interface Config {
  port: number
  host: string
  databaseUrl: string
  /** Made at the first start and kept beside the database where it is left out. */
  jwtSecret?: string | undefined
  logLevel: string
  /** Whether an empty database gets the demo users tom and jerry. */
  seedUsers: boolean
}

/**
 * The environment, and a `.env` file for what it leaves out.
 * @throws StartError naming each setting that is wrong
 */
export function readConfig(): Config {
  try {
    loadEnvFile()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new StartError(`Can't read .env: ${error}`)
  }
  return parseConfig(process.env)
}

/** @throws StartError naming each setting that is wrong */
export function parseConfig(env: NodeJS.ProcessEnv): Config {
  // An empty value is a setting left out, as in `.env.example`.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = settings.safeParse(given)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new StartError(`Wrong setting: ${faults.join('; ')}. See .env.example.`)
  }
  const { data } = parsed
  return {
    port: data.PORT,
    host: data.HOST,
    databaseUrl: data.DATABASE_URL,
    jwtSecret: data.JWT_SECRET,
    logLevel: data.LOG_LEVEL,
    seedUsers: data.SEED_USERS ?? data.NODE_ENV !== 'production',
  }
}
