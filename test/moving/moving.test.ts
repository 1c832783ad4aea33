import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Prisma } from '../../src/generated/prisma/client.ts'
import { mediaFolderOf } from '../../src/media/media-folder.ts'
import { movedTables } from '../../src/moving/tables.ts'
import { searchMessages } from '../search/operations.ts'
import { listenToGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'
import { wholeHistory } from '../support/whole-history.ts'
import { anyRows } from './any-rows.ts'
import { everything, exportFrom, filledServer, freshUrl, importInto, open } from './scene.ts'

test('Every column of every table arrives as it was', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyRows, async (rows) => {
      const [from, to] = [await freshUrl(), await freshUrl()]
      const source = await open(from)
      await source.write(async (tx, sql) => {
        await tx.log.deleteMany()
        for (const [name, those] of rows) await sql.insert(name as Prisma.ModelName, those)
      })
      const [upload] = rows.get('Media') ?? []
      await mkdir(mediaFolderOf({ databaseUrl: from }))
      await writeFile(join(mediaFolderOf({ databaseUrl: from }), String(upload?.['id'])), 'Its bytes')
      const stored = await everything(source)
      await source.close()

      const sums = await importInto(to, await exportFrom(from))

      const target = await open(to)
      expect(await everything(target)).toEqual(stored)
      for (const { name } of movedTables) expect(stored[name], name).toHaveLength(rows.get(name)?.length ?? 0)
      expect(sums.uploads.rows).toBe(1)
      await target.close()
    }),
    { numRuns: 5 },
  )
})

test('No table is left out, and none comes before one that it refers to', () => {
  const names = movedTables.map(({ name }) => name)
  expect(names).toHaveLength(new Set(names).size)
  expect(names.indexOf('Message')).toBeLessThan(names.indexOf('Reaction'))
  expect(names.indexOf('User')).toBeLessThan(names.indexOf('Message'))
})

test('A server that has moved is the same: people, history, words, uploads, cursors and tokens', async () => {
  const { tom, groupId, say, files, databaseUrl, stop } = await filledServer(1_200)
  const { cursor } = await say('The last one that Jerry saw')
  await say('Missed')
  const history = await wholeHistory(tom, groupId)
  await stop()

  const url = await freshUrl()
  await importInto(url, await exportFrom(databaseUrl))
  const path = url.replace('file:', '')
  await copyFile(`${databaseUrl.replace('file:', '')}.jwt-secret`, `${path}.jwt-secret`)
  const moved = await startServer({ databaseUrl: url })

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
})

test('A server that runs on is copied as it was, and its copy is another log', async () => {
  const { tom, groupId, say, databaseUrl } = await filledServer()
  const { cursor } = await say('Before')
  const history = await wholeHistory(tom, groupId)
  const file = await exportFrom(databaseUrl)
  await say('After')

  const url = await freshUrl()
  await importInto(url, file)
  const copy = await startServer({ databaseUrl: url })
  const reader = await copy.login(tom)
  expect((await wholeHistory(reader, groupId)).map(({ content }) => content)).toEqual(
    history.map(({ content }) => content),
  )
  const ear = reader.listen(listenToGroup, { groupId, after: cursor })
  await expect(ear.next()).rejects.toThrow(/belongs to another log/)
})
