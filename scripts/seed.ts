// npm run seed -- --users 1000 --messages 100000: fills an empty database with people and their talks, to try the server with.
import { Command, InvalidArgumentError } from 'commander'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database/database.ts'
import { StartError } from '../src/errors.ts'
import { createProgress } from './progress.ts'
import { readCommandLine } from './read-command-line.ts'
import { tellFault } from './run-command.ts'
import { seedServer } from './seed/seed-server.ts'

interface Options {
  users: number
  messages: number
  seed: number
  until: Date
  force: boolean
}

const commandLine = new Command('npm run seed --')
  .description('Fills an empty database with people and their talks, tom and jerry among them.')
  .option('--users <count>', 'people', wholeNumber(1, 1_000_000), 100)
  .option('--messages <count>', 'messages', wholeNumber(0, 10_000_000), 10_000)
  .option('--seed <number>', 'another one draws other people and talks', wholeNumber(0, 2 ** 31), 1)
  .option('--until <time>', 'of the last messages, ISO 8601; left out, now', time, new Date())
  .option('--force', 'adds them where people are already, or in production', false)
const { force, ...options } = readCommandLine(commandLine).opts<Options>()

const progress = createProgress()
try {
  if (process.env['NODE_ENV'] === 'production' && !force) {
    throw new StartError('These people have a password that everybody knows: not in production without --force.')
  }
  const { databaseUrl } = readConfig()
  await requireNoServer(databaseUrl)
  const database = await openDatabase(databaseUrl)
  const result = await seedServer({ ...options, force, database, progress }).finally(() => database.close())
  progress.end()
  console.log(result)
} catch (error) {
  progress.end()
  tellFault(error)
}

/** On SQLite, opening it finds that out. */
async function requireNoServer(databaseUrl: string): Promise<void> {
  if (databaseUrl.startsWith('file:')) return
  const { openPostgresSnapshot } = await import('../src/database/postgres-snapshot.ts')
  const snapshot = await openPostgresSnapshot(databaseUrl)
  await snapshot.close()
  if (snapshot.isServed) throw new StartError('A ChatServer is running on this database: stop it first.')
}

function wholeNumber(min: number, max: number) {
  return (text: string) => {
    const number = Number(text)
    if (Number.isInteger(number) && number >= min && number <= max) return number
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }
}

function time(text: string): Date {
  const date = new Date(text)
  if (!Number.isNaN(date.getTime())) return date
  throw new InvalidArgumentError('It must be a time such as 2026-01-31T12:00:00Z.')
}
