import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sqlitePath } from '../../src/database/database.ts'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { mediaFolderOf } from '../../src/media/media-folder.ts'
import { movedTables } from '../../src/moving/tables.ts'
import { searchMessages } from '../search/operations.ts'
import { listenToGroup } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { startServer } from '../support/testkit.ts'
import { wholeHistory } from '../support/whole-history.ts'
import { anyRows } from './any-rows.ts'
import {
  everything,
  exportFrom,
  filledServer,
  freshPlace,
  importInto,
  type Place,
  type Provider,
  withDatabase,
} from './scene.ts'

const timeout = 90_000

test('Every column of every table arrives as it was', { timeout }, async () => {
  await expectExactly(['sqlite', 'sqlite'])
})

needs('postgres')('With PostgreSQL', () => {
  test('every column of every table arrives there and comes back as it was', { timeout }, async () => {
    await expectExactly(['sqlite', 'postgresql', 'postgresql', 'sqlite'])
  })

  test('a server that has moved there, and back, is the same', { timeout }, async () => {
    await expectSameServer(['sqlite', 'postgresql', 'sqlite'])
  })

  test('a server that runs on it is copied as it was, and its copy is another log', { timeout }, async () => {
    await expectCopy('postgresql')
  })
})

test('No table is left out but what is a matter of one database, and none comes before one that it refers to', () => {
  const names = movedTables.map(({ name }) => name)
  const left = Object.values(Prisma.ModelName).filter((name) => !names.includes(name))
  expect(left.toSorted()).toEqual(['Secret', 'UnfinishedImport'])
  expect(names).toHaveLength(new Set(names).size)
  expect(names.indexOf('Message')).toBeLessThan(names.indexOf('Reaction'))
  expect(names.indexOf('User')).toBeLessThan(names.indexOf('Message'))
})

test('A server that has moved is the same: people, history, words, uploads, cursors and tokens', {
  timeout,
}, async () => {
  await expectSameServer(['sqlite', 'sqlite'])
})

test('A server that runs on is copied as it was, and its copy is another log', { timeout }, async () => {
  await expectCopy('sqlite')
})

/** Moves any rows from one to the next. */
async function expectExactly([first, ...others]: Provider[]) {
  await fc.assert(
    fc.asyncProperty(anyRows, async (rows) => {
      let place = await freshPlace(first)
      const stored = await withDatabase(place, async (source) => {
        await source.write(async (tx, sql) => {
          await tx.log.deleteMany()
          for (const [name, those] of rows) await sql.insert(name as Prisma.ModelName, those)
        })
        return everything(source)
      })
      const [{ id: upload } = {}] = rows.get('Media') ?? []
      const folder = mediaFolderOf(place) ?? ''
      await mkdir(folder)
      await writeFile(join(folder, String(upload)), 'Its bytes')
      for (const { name } of movedTables) expect(stored[name], name).toHaveLength(rows.get(name)?.length ?? 0)

      for (const provider of others) {
        const next = await freshPlace(provider)
        await importInto(next, await exportFrom(place))
        expect(await withDatabase(next, everything)).toEqual(stored)
        place = next
      }
      expect(await readFile(join(mediaFolderOf(place) ?? '', String(upload)), 'utf8')).toBe('Its bytes')
    }),
    { numRuns: 4 },
  )
}

async function expectSameServer([first, ...others]: Provider[]) {
  const { tom, groupId, say, files, place: start, stop } = await filledServer(1_200, first)
  const { cursor } = await say('The last one that Tom saw')
  await say('Missed')
  const history = await wholeHistory(tom, groupId)
  await stop()

  let place = start
  for (const provider of others) {
    const next = await freshPlace(provider)
    await importInto(next, await exportFrom(place))
    const moved = await startServer({ ...next, ...(await secretOf(start)) })
    const sameTom = { ...tom, ...moved.withToken(tom.accessToken) }
    expect(await wholeHistory(sameTom, groupId)).toEqual(history)
    const ear = sameTom.listen(listenToGroup, { groupId, after: cursor })
    expect((await ear.next()).groupMessages.message.content).toBe('Missed')
    const { searchMessages: found } = await sameTom.request(searchMessages, { query: '"message 700"' })
    expect(found.edges.map(({ node }) => node.content)).toEqual(['message 700'])
    for (const { path, bytes } of files) {
      const response = await fetch(new URL(path, moved.url))
      expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes)
    }
    await moved.stop()
    place = next
  }
}

async function expectCopy(provider: Provider) {
  const { tom, groupId, say, place } = await filledServer(100, provider)
  const { cursor } = await say('Before')
  const history = await wholeHistory(tom, groupId)
  const file = await exportFrom(place)
  await say('After')

  const next = await freshPlace(provider)
  await importInto(next, file)
  const copy = await startServer({ ...next })
  const reader = await copy.login(tom)
  const contents = (await wholeHistory(reader, groupId)).map(({ content }) => content)
  expect(contents).toEqual(history.map(({ content }) => content))
  const ear = reader.listen(listenToGroup, { groupId, after: cursor })
  await expect(ear.next()).rejects.toThrow(/belongs to another log/)
}

/** The key that a server on SQLite keeps beside it, as a setting. */
async function secretOf({ databaseUrl }: Place) {
  return { jwtSecret: (await readFile(`${sqlitePath(databaseUrl)}.jwt-secret`, 'utf8')).trim() }
}
