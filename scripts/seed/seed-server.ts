import { createPasswords } from '../../src/auth/passwords.ts'
import type { Database } from '../../src/database/database.ts'
import { seedUsers } from '../../src/database/seed-users.ts'
import { StartError } from '../../src/errors.ts'
import { Prisma } from '../../src/generated/prisma/client.ts'
import type { Progress } from '../progress.ts'
import { createDraw } from './chances.ts'
import { inventConversations } from './invent-conversations.ts'
import { inventLog } from './invent-log.ts'
import { inventPeople, type Person } from './invent-people.ts'
import { inSteps, writeLog } from './write-log.ts'

const YEAR = 365 * 24 * 3_600_000 // ms
/** The demo users', and that of everybody who is invented. */
const PASSWORD = 'password123'
const DEMO_USERS = ['tom', 'jerry']

export interface SeedOptions {
  database: Database
  users: number
  messages: number
  /** Draws the same people and talks as last time. */
  seed: number
  /** When the last message may have been sent; the first ones a year before. */
  until: Date
  /** Whether there may be others than tom and jerry already. */
  force: boolean
  progress: Progress
}

/**
 * Fills a database that no server runs on with people and their talks, all of them or nothing.
 * @returns a line that says what is there now
 * @throws StartError where there are people already
 */
export async function seedServer(options: SeedOptions): Promise<string> {
  const { database, users, messages, seed, until, force, progress } = options
  const passwords = createPasswords()
  try {
    await seedUsers({ database, passwords })
    const present = await database.readSql.all<Person & { usernameKey: string }>(
      Prisma.sql`SELECT "id", "username", "usernameKey" FROM "User"`,
    )
    const demoUsers = DEMO_USERS.flatMap((name) => present.find(({ usernameKey }) => usernameKey === name) ?? [])
    const directs = await database.readSql.all<{ id: string }>(
      Prisma.sql`SELECT "id" FROM "Conversation" WHERE "kind" = 'DIRECT'`,
    )
    const others = present.length - demoUsers.length
    if (others > 0 && !force) {
      throw new StartError(`The database has ${others} other users already: with --force, invented ones are added.`)
    }
    const hash = await passwords.hash(PASSWORD)
    // All in one transaction: what is cut short leaves nothing behind.
    return await database.writeSql(
      async (sql) => {
        // Whoever is invented a second time, with the same seed, is another one.
        const draw = createDraw(seed + others)
        const since = new Date(until.getTime() - YEAR)
        const people = inventPeople(draw, users, since, new Set(present.map(({ usernameKey }) => usernameKey)))
        progress.report(0, users, 'users')
        await inSteps(people, (some) => sql.insert('User', some))
        await inSteps(people, (some) =>
          sql.insert(
            'Password',
            some.map(({ id }) => ({ userId: id, hash })),
          ),
        )
        progress.report(users, users, 'users')
        const report = (done: number) => progress.report(done, log.order.length, 'messages')
        const log = inventLog(
          draw,
          inventConversations(draw, { people, demoUsers, messages, present: directs.map(({ id }) => id) }),
          since,
          until,
        )
        await writeLog(sql, draw, log, report)
        const names = [...demoUsers, ...people.slice(0, 1)].map(({ username }) => username)
        return (
          `${users} users, ${log.conversations.length} conversations and ${messages} messages are there. ` +
          `Sign in as ${names.join(', ')} or anybody else with ${PASSWORD}.`
        )
      },
      { log: 'change' },
    )
  } finally {
    await passwords.close()
  }
}
