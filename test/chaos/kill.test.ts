import { setTimeout as delay } from 'node:timers/promises'
import { expect, type TestContext, test } from 'vitest'
import { type Random, seededRandom } from '../support/random.ts'
import { megabytes, report } from '../support/report.ts'
import { isSoak, soakMinutes } from '../support/soak.ts'
import { type Load, startLoad } from './load.ts'
import { type MortalServer, startMortalServer } from './mortal-server.ts'

const SOAK_TIME = soakMinutes * 60_000 * 0.3 // ms, for each of the two tests here
const LONGEST_LIFE = isSoak ? 2_000 : 500 // ms, under load
const CROWD = isSoak ? { senders: 20, listeners: 20, pause: 50 } : { senders: 10, listeners: 6 }

const timeout = 90_000 + 3 * SOAK_TIME

test('Killed at any moment, it loses nothing and says nothing twice', { timeout }, async (context) => {
  await survive(context, { kills: isSoak ? 20 : 3, edits: false })
})

test('Killed while messages are changed, it leaves everybody with the same state', { timeout }, async (context) => {
  await survive(context, { kills: isSoak ? 20 : 2, edits: true })
})

/** @param leastKills more of them where a soak has the time */
async function survive(context: TestContext, { kills: leastKills, edits }: { kills: number; edits: boolean }) {
  const random = seededRandom()
  const server = await startMortalServer()
  const load = await startLoad({ urls: [server.url], random, edits, ...CROWD })
  const deadline = Date.now() + SOAK_TIME
  await load.progress(CROWD.senders)
  const memoryBefore = await server.memory()

  let kills = 0
  let slowestRecovery = 0
  while (kills < leastKills || Date.now() < deadline) {
    await server.kill()
    kills++
    const recovery = await recover(server, load, random)
    if (recovery) slowestRecovery = Math.max(slowestRecovery, recovery)
  }
  await load.progress(1)
  const memoryAfter = await server.memory()

  expect(await load.finish()).toEqual([])
  expect(load.refusals).toEqual([])
  report(context, {
    kills,
    ...CROWD,
    ...load.figures(),
    'slowest recovery': `${slowestRecovery} ms`,
    'memory of the first life': megabytes(memoryBefore),
    'memory of the last life': megabytes(memoryAfter),
  })
}

/** Starts it anew, until the moment of its next death. @returns ms until it served again, where it lived to */
async function recover(server: MortalServer, load: Load, random: Random): Promise<number | null> {
  const diedAt = Date.now()
  server.start()
  if (random.oneIn(4)) {
    // In the middle of starting, perhaps.
    await delay(random.below(LONGEST_LIFE))
    return null
  }
  await load.progress(1)
  const recovery = Date.now() - diedAt
  await delay(random.below(LONGEST_LIFE))
  return recovery
}
