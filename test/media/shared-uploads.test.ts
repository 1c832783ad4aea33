import { rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { CHUNK_BYTES } from '../../src/media/database-store.ts'
import { needs } from '../support/needs.ts'
import { newPostgresDatabase } from '../support/postgres-database.ts'
import { startServer, type TestServer, temporaryFolder } from '../support/testkit.ts'
import { mp4, png } from './samples.ts'
import { filesOf, type MediaScene, mediaScene, refusalOf } from './scene.ts'

const DAY = 86_400_000 // ms

/** Two servers on one database, which share nothing else. */
async function twoNodes(): Promise<{ one: MediaScene; two: TestServer }> {
  const databaseUrl = await newPostgresDatabase()
  return { one: await mediaScene({ databaseUrl }), two: await startServer({ databaseUrl }) }
}

function get(node: TestServer, url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(new URL(new URL(url).pathname, node.url), { headers })
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer())
}

/** How many bytes each row has. */
async function chunkSizes({ databaseUrl }: TestServer): Promise<number[]> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  const { rows } = await client.query('SELECT length("bytes") AS size FROM "MediaChunk" ORDER BY "mediaId", "ordinal"')
  await client.end()
  return rows.map(({ size }) => size)
}

needs('postgres')('Nodes that share a database, and no folder', () => {
  test('serve what was uploaded at another, whole or in part', async () => {
    const { one, two } = await twoNodes()
    const film = mp4(CHUNK_BYTES * 3)
    const { url, name } = await one.upload(film, 'cats.mp4')

    const part = await get(two, url, { range: `bytes=${CHUNK_BYTES - 5}-${CHUNK_BYTES + 4}` })
    expect(part.status).toBe(206)
    expect(await bytesOf(part)).toEqual(film.subarray(CHUNK_BYTES - 5, CHUNK_BYTES + 5))
    const whole = await get(two, url)
    expect(whole.headers.get('content-disposition')).toContain(name)
    expect(await bytesOf(whole)).toEqual(film)
    expect(await filesOf(two)).toEqual(await one.filesOnDisk())
  })

  test('serve what was uploaded at one that is gone, and its folder with it', async () => {
    const { one, two } = await twoNodes()
    const file = png(1, 1, 1_000_000)
    const { url } = await one.upload(file)

    await one.stop()
    await rm(one.app.services.media.folder, { recursive: true })

    expect(await bytesOf(await get(two, url))).toEqual(file)
  })

  test('fetch again what they have lost', async () => {
    const { one } = await twoNodes()
    const file = png(1, 1)
    const { url } = await one.upload(file)
    for (const name of await one.filesOnDisk()) await rm(join(one.app.services.media.folder, name))

    expect(await bytesOf(await get(one, url))).toEqual(file)
  })

  test.each([
    [1, [1]],
    [CHUNK_BYTES - 1, [CHUNK_BYTES - 1]],
    [CHUNK_BYTES, [CHUNK_BYTES]],
    [CHUNK_BYTES + 1, [CHUNK_BYTES, 1]],
    [CHUNK_BYTES * 2, [CHUNK_BYTES, CHUNK_BYTES]],
  ])('keep %i bytes in as few rows as can be', async (size, sizes) => {
    const { one, two } = await twoNodes()
    const file = Buffer.from(Array.from({ length: size }, (_, index) => 97 + (index % 23)))
    const { url } = await one.upload(file)

    expect(await chunkSizes(one)).toEqual(sizes)
    expect(await bytesOf(await get(two, url))).toEqual(file)
  })

  test('have nothing left of what one of them swept', async () => {
    const { one, two } = await twoNodes()
    const { url } = await one.upload(png(1, 1))
    await (await get(two, url)).arrayBuffer()

    expect(await one.app.services.media.sweep(new Date(Date.now() + DAY + 1_000))).toBe(1)

    expect(await chunkSizes(one)).toEqual([])
    expect(await one.filesOnDisk()).toEqual([])
    for (const node of [one, two]) {
      expect(await refusalOf(await get(node, url))).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    }
    expect(await two.app.services.media.sweep()).toBe(0)
    expect(await filesOf(two)).toEqual([])
  })

  test('may sweep at once', async () => {
    const { one, two } = await twoNodes()
    await one.upload(png(1, 1))
    const { database } = one.app.services
    const [media] = await database.read.media.findMany()
    if (!media) throw new Error('There is no row')
    const others = Array.from({ length: 250 }, (_, index) => ({ ...media, id: index.toString(16).padStart(32, '0') }))
    await database.write((tx) => tx.media.createMany({ data: others }))

    const later = new Date(Date.now() + DAY + 1_000)
    await Promise.all([one, two, one, two].map(({ app }) => app.services.media.sweep(later)))

    expect(await database.read.media.count()).toBe(0)
    expect(await one.filesOnDisk()).toEqual([])
  })

  test('delete any number of copies of what is gone, and nothing else', async () => {
    const { one } = await twoNodes()
    const { folder, sweep } = one.app.services.media
    const { url } = await one.upload(png(1, 1))
    const ids = Array.from({ length: 1_100 }, (_, index) => index.toString(16).padStart(32, '0'))
    for (const name of [...ids, 'notes.txt']) await writeFile(join(folder, name), 'a file')

    await sweep()

    const [, id = ''] = /(\w+)\.png$/.exec(url) ?? []
    expect((await one.filesOnDisk()).toSorted()).toEqual([id, 'notes.txt'].toSorted())
  })
})

needs('postgres')('Nodes that share a folder as well', () => {
  test('keep uploads there, and none in the database', async () => {
    const [databaseUrl, mediaFolder] = [await newPostgresDatabase(), await temporaryFolder()]
    const one = await mediaScene({ databaseUrl, mediaFolder })
    const two = await startServer({ databaseUrl, mediaFolder })
    const file = png(1, 1)
    const { url } = await one.upload(file)

    expect(await bytesOf(await get(two, url))).toEqual(file)
    expect(await chunkSizes(one)).toEqual([])
  })

  test('take nothing away that another is receiving, unless that was an hour ago', async () => {
    const [databaseUrl, mediaFolder] = [await newPostgresDatabase(), await temporaryFolder()]
    const one = await startServer({ databaseUrl, mediaFolder })
    const [young, old] = ['young', 'old'].map((name) => join('incoming', name)) as [string, string]
    await writeFile(join(mediaFolder, young), 'half a file')
    const abandon = async () => {
      await writeFile(join(mediaFolder, old), 'half a file')
      const time = new Date(Date.now() - 3_700_000)
      await utimes(join(mediaFolder, old), time, time)
    }

    await abandon()
    await startServer({ databaseUrl, mediaFolder })
    expect(await filesOf(one)).toEqual([young])

    await abandon()
    await one.app.services.media.sweep()
    expect(await filesOf(one)).toEqual([young])
  })
})
