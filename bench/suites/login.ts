import { setTimeout as delay } from 'node:timers/promises'
import { hash } from 'bcryptjs'
import { LOGIN } from '../lib/documents.ts'
import { openGraphQLSocket } from '../lib/graphql-socket.ts'
import { openRawHttp } from '../lib/raw-http.ts'
import { alternate } from '../lib/rounds.ts'
import { type Bench, type SuiteResult, startOurs } from '../lib/suite.ts'
import { userKey } from '../lib/world.ts'

const PEOPLE = 8
const PASSWORD = 'password123'
const COST = 10 // as the server's
const QUIET = 400 // ms

/** How long others wait while people log in: a socket is pinged all the time, and its slowest answer counts. */
export async function login(bench: Bench): Promise<SuiteResult> {
  const { scale, log } = bench
  const people = Array.from({ length: PEOPLE }, (_, user) => user)
  const world = await bench.createWorld('login', { users: PEOPLE, groups: [] })
  const stored = await hash(PASSWORD, COST)
  world.edit((connection) => {
    const add = connection.prepare('INSERT INTO "Password" ("userId", "hash") VALUES (?, ?)')
    for (const user of people) add.run(userKey(user), stored)
  })
  // The server has threads that hash, and wants more than one core for them.
  const server = startOurs(bench, world, { anyCore: true })
  const url = await server.url
  const doors = people.map(() => openRawHttp(url, null))
  let answered: (() => void) | null = null
  const { raw } = await openGraphQLSocket(url, await world.token(0), { onPong: () => answered?.() })

  log(`${PEOPLE} people log in`)
  const stalls = await alternate(scale.rounds, {
    busy: () =>
      longestAnswer(
        Promise.all(
          people.map(async (user) => {
            const input = { login: `user${user}`, password: PASSWORD }
            const data = (await doors[user]?.request(LOGIN, { input })) as { login: { accessToken: string } }
            if (!data.login.accessToken) throw new Error('A login was answered without a token')
          }),
        ),
      ),
    quiet: () => longestAnswer(delay(QUIET)),
  })
  await server.stop()
  return {
    rows: [
      {
        what: `longest event-loop stall while ${PEOPLE} people log in and a socket waits for a message`,
        against: 'while nobody does',
        unit: 'ms',
        ours: stalls.busy,
        peer: stalls.quiet,
        comparison: 'alone',
        reach: 25,
        beyond: 10,
      },
    ],
  }

  /** @returns ms */
  async function longestAnswer(work: Promise<unknown>): Promise<number> {
    let isOver = false
    const done = work.finally(() => {
      isOver = true
    })
    let longest = 0
    while (!isOver) {
      const start = performance.now()
      const pong = new Promise<void>((resolve) => {
        answered = resolve
      })
      raw.ping()
      await pong
      longest = Math.max(longest, performance.now() - start)
      await delay(1)
    }
    await done
    return longest
  }
}
