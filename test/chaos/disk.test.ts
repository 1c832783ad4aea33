import { chmod } from 'node:fs/promises'
import { expect, type TestContext, test } from 'vitest'
import { poll } from '../support/patience.ts'
import { seededRandom } from '../support/random.ts'
import { report } from '../support/report.ts'
import { isSoak } from '../support/soak.ts'
import {
  type CrampedServer,
  canLimitFiles,
  canMountDisk,
  startServerOnSmallDisk,
  startServerWithLimitedFiles,
} from './full-disk.ts'
import { holdDatabase } from './held-database.ts'
import { type Load, startLoad } from './load.ts'
import { canBeHumble, HUMBLE_COMMAND, requireMeans } from './means.ts'
import { type MortalServer, startMortalServer } from './mortal-server.ts'

const CROWD = isSoak ? { senders: 20, listeners: 20 } : { senders: 6, listeners: 4 }
const ROUNDS = isSoak ? 5 : 1
const LONGEST_WAIT = 20_000 // ms; the server has a patience of 10 s

const timeout = 120_000

test('While another process holds the database, senders wait and readers go on', { timeout }, async (context) => {
  const server = await startMortalServer()
  const load = await startCrowd(server, { edits: isSoak })
  const hold = holdDatabase(server.databasePath)
  const heldAt = Date.now()
  await poll(server.ready, 503)

  const { acknowledged } = load
  await expectReaders(load)
  expect(load.acknowledged).toBe(acknowledged)
  if (isSoak) {
    // Who has waited for long enough is told so, however many wait with him.
    await load.refused(CROWD.senders)
    expect(Date.now() - heldAt).toBeLessThan(LONGEST_WAIT)
  }
  hold.release()

  await expectRecovery(server, load)
  await expectNothingLost(context, load)
})

test('Where its process can write nothing, senders are told so until it can', { timeout }, async (context) => {
  requireMeans(context, canLimitFiles, 'prlimit')
  await sitOutFullDisk(context, await startServerWithLimitedFiles())
})

test('Where its disk is full, senders are told so until it isn’t', { timeout }, async (context) => {
  requireMeans(context, canMountDisk, 'the right to mount a disk in a namespace of its own (unshare)')
  await sitOutFullDisk(context, await startServerOnSmallDisk())
})

test('Where its files are made read-only, it goes on, and starts again once they aren’t', {
  timeout,
}, async (context) => {
  requireMeans(context, canBeHumble, 'setpriv, as it runs as root')
  const server = await startMortalServer({ command: HUMBLE_COMMAND })
  const load = await startCrowd(server)
  for (const ending of ['', '-wal', '-shm']) await chmod(server.databasePath + ending, 0o444)
  // What it has opened stays open.
  await load.progress(5 * CROWD.senders)
  expect(await server.ready()).toBe(200)
  server.process.kill('SIGTERM')
  expect(await server.process.exited).toMatchObject({ code: 0, stderr: '' })

  const { code, stdout, stderr } = await server.start().exited
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^Can't write to the database file [^\n]+: make it writable[^\n]+\n$/)

  await chmod(server.databasePath, 0o644)
  server.start()
  await expectRecovery(server, load)
  expect(await load.finish()).toEqual([])
  expect(load.refusals).toEqual([])
})

async function sitOutFullDisk(context: TestContext, { server, fillDisk, freeDisk }: CrampedServer) {
  const load = await startCrowd(server)
  for (let round = 0; round < ROUNDS; round++) {
    await fillDisk()
    await load.refused(CROWD.senders)
    await poll(server.ready, 503)
    await expectReaders(load)
    await freeDisk()
    await expectRecovery(server, load)
  }
  await expectNothingLost(context, load)
  server.process.kill('SIGTERM')
  expect(await server.process.exited).toMatchObject({ code: 0, stderr: '' })
}

async function startCrowd({ url }: MortalServer, { edits = false } = {}): Promise<Load> {
  const load = await startLoad({ urls: [url], random: seededRandom(), edits, ...CROWD })
  await load.progress(CROWD.senders)
  return load
}

/** The history is read, and a new listener is let in and catches up. */
async function expectReaders({ crowd, addListener }: Load) {
  await addListener(await crowd.readHistory())
}

async function expectRecovery(server: MortalServer, load: Load) {
  await load.progress(CROWD.senders)
  await poll(server.ready, 200)
}

async function expectNothingLost(context: TestContext, load: Load) {
  expect(await load.finish()).toEqual([])
  expect(load.closings).toEqual([])
  const advice = new Set(load.refusals.map(({ code, message }) => `${code}: ${message}`))
  const refusal = 'INTERNAL_SERVER_ERROR: The server can’t store anything right now: try again.'
  expect([refusal]).toEqual(expect.arrayContaining([...advice]))
  report(context, { ...CROWD, ...load.figures() })
}
