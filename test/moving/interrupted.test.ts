import { rm, writeFile } from 'node:fs/promises'
import { expect, test, vi } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import type { Message, Prisma } from '../../src/generated/prisma/client.ts'
import { mediaFolderOf } from '../../src/media/media-folder.ts'
import { importServer } from '../../src/moving/import-server.ts'
import { startCommand } from '../support/command-process.ts'
import { needs } from '../support/needs.ts'
import { seededRandom } from '../support/random.ts'
import { startServer } from '../support/testkit.ts'
import {
  countIndexed,
  environmentOf,
  everything,
  exportFrom,
  filledServer,
  freshPlace,
  importInto,
  type Place,
  type Provider,
  withDatabase,
} from './scene.ts'

const timeout = 120_000

/** A file, and what it holds. */
async function exported(messages: number) {
  const server = await filledServer(messages)
  await server.stop()
  const stored = await withDatabase(server.place, everything)
  const said = (stored['Message'] as Message[]).filter(({ kind, content }) => kind !== 'SYSTEM' && content)
  return { ...server, stored, indexed: said.length, file: await exportFrom(server.place) }
}

type Exported = Awaited<ReturnType<typeof exported>>

async function expectAll(place: Place, { stored, indexed, files }: Exported) {
  await withDatabase(place, async (database) => {
    expect(await everything(database)).toEqual(stored)
    expect(await countIndexed(database)).toBe(indexed)
  })
  const server = await startServer({ ...place })
  for (const { path, bytes } of files) {
    const response = await fetch(new URL(path, server.url))
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes)
  }
  await server.stop()
}

test('Wherever it fails, an import goes on from there, and nothing comes twice', { timeout }, async () => {
  await expectToGoOn('sqlite')
})

test('Killed again and again, an import ends as if it had not been', { timeout }, async () => {
  await expectToSurviveKills('sqlite')
})

needs('postgres')('Into PostgreSQL', () => {
  test('an import goes on from wherever it fails, and nothing comes twice', { timeout }, async () => {
    await expectToGoOn('postgresql')
  })

  test('an import that is killed again and again ends as if it had not been', { timeout }, async () => {
    await expectToSurviveKills('postgresql')
  })

  test('of two imports at the same time, one does it all', { timeout }, async () => {
    const all = await exported(2_000)
    const place = await freshPlace('postgresql')
    const outcomes = await Promise.allSettled([importInto(place, all.file), importInto(place, all.file)])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await expectAll(place, all)
  })
})

test('On what isn’t all there no server starts, and no other file goes on', { timeout }, async () => {
  const all = await exported(600)
  const other = await exportFrom(all.place)
  const place = await freshPlace()
  const database = await openDatabase(place.databaseUrl)
  const { writeSql } = database
  let writes = 0
  vi.spyOn(database, 'writeSql').mockImplementation((work) => {
    if (++writes > 6) throw new Error('Cut short')
    return writeSql(work)
  })
  await expect(importServer({ source: all.file, database, mediaFolder: mediaFolderOf(place) })).rejects.toThrow(/Cut/)
  await database.close()

  await expect(startServer({ ...place })).rejects.toThrow(/import into this database has not ended/)
  await expect(importInto(place, other)).rejects.toThrow(/part of another export/)
  await importInto(place, all.file)
  await expectAll(place, all)
})

test('What differs in the end is told, and no server starts on it', { timeout }, async () => {
  const all = await exported(10)
  const place = await freshPlace()
  const folder = mediaFolderOf(place) ?? ''
  const database = await openDatabase(place.databaseUrl)
  const { all: readAll } = database.readSql
  let isComparing = false
  vi.spyOn(database.readSql, 'all').mockImplementation(async <T>(statement: Prisma.Sql) => {
    const rows = await readAll<T>(statement)
    return rows.map((row) => (isComparing && Object(row).displayName ? { ...row, displayName: 'Altered' } : row))
  })
  const altering = importServer({
    source: all.file,
    database,
    mediaFolder: folder,
    onProgress(_done, _total, what) {
      isComparing ||= what.startsWith('comparing')
    },
  })
  await expect(altering).rejects.toThrow(/not what the file holds: User/)
  await database.close()
  await expect(startServer({ ...place })).rejects.toThrow(/has not ended/)
})

test('Where the folder of uploads can’t be written, it says so, and goes on once it can', { timeout }, async () => {
  const all = await exported(10)
  const place = await freshPlace()
  const folder = mediaFolderOf(place) ?? ''
  await writeFile(folder, 'In the way')
  await expect(importInto(place, all.file)).rejects.toThrow(/EEXIST|ENOTDIR/)

  await rm(folder)
  await importInto(place, all.file)
  await expectAll(place, all)
})

async function expectToGoOn(provider: Provider) {
  const all = await exported(1_600)
  const place = await freshPlace(provider)
  let failures = 0
  // Each try fails one write later than the one before.
  for (let isDone = false; !isDone; ) {
    const database = await openDatabase(place.databaseUrl)
    const { writeSql } = database
    let writes = 0
    const failing: typeof writeSql = (work) =>
      writeSql(async (sql) => {
        const result = await work(sql)
        if (++writes > failures + 1) throw new Error('Cut short')
        return result
      })
    vi.spyOn(database, 'writeSql').mockImplementation(failing)
    const importing = importServer({ source: all.file, database, mediaFolder: mediaFolderOf(place) })
    const outcome = await importing.then(
      () => null,
      (error: Error) => error.message,
    )
    await database.close()
    isDone = outcome === null
    if (outcome !== null) expect(outcome).toBe('Cut short')
    failures += Number(!isDone)
  }

  expect(failures).toBeGreaterThan(4)
  await expectAll(place, all)
}

async function expectToSurviveKills(provider: Provider) {
  const random = seededRandom()
  const all = await exported(12_000)
  const place = await freshPlace(provider)
  const start = () => startCommand(['import', all.file], environmentOf(place))
  for (let kills = 0; kills < 3; kills++) {
    const importing = start()
    await importing.hasPrinted(new RegExp(`(importing Message: .*\\n){${1 + random.below(6)}}`))
    importing.kill()
    expect((await importing.exited).code).toBeNull()
  }

  const { code, stdout, stderr } = await start().exited
  expect({ code, stderr: stderr.replace(/\(.*\n/g, '') }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('All has arrived')
  await expectAll(place, all)
}
