import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { StorageError } from '../../src/errors.ts'
import { CHUNK_BYTES } from '../../src/media/database-store.ts'
import {
  type CrampedServer,
  canLimitFiles,
  canMountDisk,
  startServerOnSmallDisk,
  startServerWithLimitedFiles,
} from '../chaos/full-disk.ts'
import { requireMeans } from '../chaos/means.ts'
import { sendDirect } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { newPostgresDatabase } from '../support/postgres-database.ts'
import { startServer, type TestServer } from '../support/testkit.ts'
import { mp4, png } from './samples.ts'
import { filesOf, mediaScene, refusalOf } from './scene.ts'
import { openTapped, type Tap } from './tapped-database.ts'

const FILM = mp4(CHUNK_BYTES * 3)
const timeout = 60_000 // ms

/** A file uploaded at one node, and another whose statements on its bytes are tapped. */
async function uploadedElsewhere(tap: Tap): Promise<{ node: TestServer; url: URL }> {
  const databaseUrl = await newPostgresDatabase()
  const elsewhere = await mediaScene({ databaseUrl })
  const { url } = await elsewhere.upload(FILM)
  await elsewhere.stop()
  const node = await startServer({ databaseUrl }, undefined, { database: await openTapped(databaseUrl, tap) })
  return { node, url: new URL(new URL(url).pathname, node.url) }
}

/** Holds up all statements from the one with this number on. */
function holdUp(first: number) {
  const reached = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  let count = 0
  async function tap(number: number) {
    count++
    if (number < first) return
    reached.resolve()
    await gate.promise
  }
  return { tap, reached: reached.promise, release: gate.resolve, statements: () => count }
}

needs('postgres')('A file that another node has to be asked for', () => {
  test('is fetched once for all who ask meanwhile, be it for a part', async () => {
    const { tap, reached, release, statements } = holdUp(1)
    const { node, url } = await uploadedElsewhere(tap)
    const { media } = node.app.services
    const first = fetch(url)
    await reached
    const second = fetch(url, { headers: { range: 'bytes=-10' } })
    // Whoever asks at the service is in the same case, and there at once.
    const [row] = await node.app.services.database.read.media.findMany()
    const third = row && media.provide(row)
    expect(await filesOf(node)).toEqual([expect.stringMatching(/^incoming/)])

    release()

    expect(Buffer.from(await (await first).arrayBuffer())).toEqual(FILM)
    expect(Buffer.from(await (await second).arrayBuffer())).toEqual(FILM.subarray(-10))
    await third
    expect(statements()).toBe(3)
  })

  test('leaves nothing where it comes by half, and is fetched anew', async () => {
    const { node, url } = await uploadedElsewhere((number) => {
      if (number === 2) throw new StorageError('57P01', null)
    })

    expect(await refusalOf(await fetch(url))).toMatchObject({ status: 507, code: 'INTERNAL_SERVER_ERROR' })
    expect(await filesOf(node)).toEqual([])

    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(FILM)
  })

  test('is not found where it is deleted meanwhile, and leaves nothing', async () => {
    const { tap, reached, release } = holdUp(1)
    const { node, url } = await uploadedElsewhere(tap)
    const download = fetch(url)
    await reached

    await node.app.services.media.sweep(new Date(Date.now() + 100_000_000))
    release()

    expect(await refusalOf(await download)).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(await filesOf(node)).toEqual([])
  })

  test('is given up when the node stops, and leaves nothing', async () => {
    const { tap, reached, release } = holdUp(1)
    const { node, url } = await uploadedElsewhere(tap)
    const download = fetch(url).catch((error: Error) => error)
    await reached

    const stopped = node.stop()
    expect(await download).toBeInstanceOf(Error)
    release()
    await stopped

    expect(await filesOf(node)).toEqual([])
  })
})

needs('postgres')('An upload', () => {
  test('that the database takes by half leaves nothing', async () => {
    const databaseUrl = await newPostgresDatabase()
    const database = await openTapped(databaseUrl, (number) => {
      if (number === 1) throw new StorageError('53100', null)
    })
    const scene = await mediaScene({ databaseUrl }, undefined, { database })

    expect(await refusalOf(await scene.post(FILM))).toMatchObject({ status: 507, code: 'INTERNAL_SERVER_ERROR' })
    expect(await scene.filesOnDisk()).toEqual([])
    expect(await database.read.media.count()).toBe(0)

    expect((await scene.post(FILM)).status).toBe(201)
  })

  test('that the database takes slowly holds up no message', async () => {
    const { tap, reached, release } = holdUp(1)
    const databaseUrl = await newPostgresDatabase()
    const database = await openTapped(databaseUrl, tap)
    const scene = await mediaScene({ databaseUrl, limits: { uploadsPerUser: 20 } }, undefined, { database })
    const uploads = Array.from({ length: 15 }, () => scene.post(FILM))
    await reached
    await poll(async () => (await scene.filesOnDisk()).length, uploads.length)

    await scene.register('jerry')
    const input = { to: { username: 'jerry' }, content: 'quick' }
    await scene.tom.request(sendDirect, { input })

    release()
    for (const response of await Promise.all(uploads)) expect(response.status).toBe(201)
  })
})

needs('postgres')('Where a node', () => {
  test('can write nothing, it says so, and serves once it can', { timeout }, async (context) => {
    requireMeans(context, canLimitFiles, 'prlimit')
    await fetchOntoFullDisk(startServerWithLimitedFiles)
  })

  test('has a full disk, it says so, and serves once it hasn’t', { timeout }, async (context) => {
    requireMeans(context, canMountDisk, 'the right to mount a disk in a namespace of its own (unshare)')
    await fetchOntoFullDisk(startServerOnSmallDisk)
  })
})

async function fetchOntoFullDisk(start: (settings: Record<string, string>) => Promise<CrampedServer>) {
  const databaseUrl = await newPostgresDatabase()
  const { server, fillDisk, freeDisk } = await start({ DATABASE_URL: databaseUrl })
  const elsewhere = await mediaScene({ databaseUrl })
  const file = png(1, 1, 1_000_000)
  const { url } = await elsewhere.upload(file)
  const download = () => fetch(new URL(new URL(url).pathname, server.url))
  // Only the process itself may see its disk.
  const folder = `/proc/${server.process.pid}/root${server.databasePath.replace(/chat\.db$/, 'data/media')}`

  await fillDisk()
  expect(await refusalOf(await download())).toMatchObject({ status: 507, code: 'INTERNAL_SERVER_ERROR' })
  expect(await readdir(folder, { recursive: true })).toEqual(['incoming'])

  await freeDisk()
  expect(Buffer.from(await (await download()).arrayBuffer())).toEqual(file)
}
