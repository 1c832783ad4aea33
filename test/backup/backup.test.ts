import { copyFile, cp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import SqliteConnection from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { backUp } from '../../src/backup/back-up.ts'
import { canLimitFiles } from '../chaos/full-disk.ts'
import { requireMeans } from '../chaos/means.ts'
import { png } from '../media/samples.ts'
import { mediaScene } from '../media/scene.ts'
import { searchMessages } from '../search/operations.ts'
import { fillGroup } from '../support/bulk-messages.ts'
import { startCommand } from '../support/command-process.ts'
import { listenToGroup, newGroup, sendToGroup } from '../support/messages.ts'
import { startServer, temporaryFolder } from '../support/testkit.ts'
import { wholeHistory } from '../support/whole-history.ts'

const timeout = 60_000 // ms, for a busy machine

async function tomsServer() {
  const folder = await temporaryFolder()
  const source = join(folder, 'chat.db')
  const server = await mediaScene({ databaseUrl: `file:${source}` })
  const { tom } = server
  const { createGroup } = await tom.request(newGroup, { name: 'The house' })
  const groupId = createGroup.group.id
  const say = async (content: string, mediaUrl?: string) =>
    (await tom.request(sendToGroup, { input: { groupId, content, ...(mediaUrl && { mediaUrl }) } })).sendGroupMessage
  const target = join(folder, 'backup.db')
  return { ...server, folder, source, target, groupId, say, mediaFolder: `${source}.media` }
}

/** As README says. */
async function restore(target: string): Promise<string> {
  const path = join(await temporaryFolder(), 'restored.db')
  await copyFile(target, path)
  await cp(`${target}.media`, `${path}.media`, { recursive: true })
  return `file:${path}`
}

test('The backup of a server that people write to is a state that it was in, and starts a server', {
  timeout,
}, async () => {
  const { tom, groupId, say, source, target, upload } = await tomsServer()
  const picture = png(3, 4, 5_000)
  const { url } = await upload(picture)
  await say('A mouse', url)
  let [sent, done] = [2, false]
  const talking = (async () => {
    while (!done) {
      await say('More')
      sent++
    }
  })()

  const { exited } = startCommand(['backup', target], { DATABASE_URL: `file:${source}` })
  const { code, stdout, stderr } = await exited
  done = true
  await talking
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(target)

  const restored = await startServer({ databaseUrl: await restore(target) })
  const reader = await restored.login(tom)
  const history = await wholeHistory(reader, groupId)
  expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1))
  expect(history.length).toBeGreaterThanOrEqual(2)
  expect(history.length).toBeLessThanOrEqual(sent)
  const { searchMessages: found } = await reader.request(searchMessages, { query: 'mouse' })
  expect(found.edges).toHaveLength(1)
  const response = await fetch(new URL(new URL(url).pathname, restored.url))
  expect(Buffer.from(await response.arrayBuffer())).toEqual(picture)
})

test('Writes between its steps don’t make it begin anew, and are none of its state', { timeout }, async () => {
  const server = await tomsServer()
  const { tom, groupId, source, target, mediaFolder } = server
  await fillGroup(server, { id: groupId }, tom, 20_000)
  const writer = new SqliteConnection(source, { timeout: 5_000 })
  onTestFinished(() => void writer.close())
  const write = writer.prepare(`UPDATE "User" SET "displayName" = 'Written in between'`)

  const steps: number[] = []
  await backUp({
    source,
    mediaFolder,
    target,
    onProgress(done) {
      steps.push(done)
      write.run()
    },
  })

  expect(steps.length).toBeGreaterThan(3)
  expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  const copy = new SqliteConnection(target, { readonly: true })
  onTestFinished(() => void copy.close())
  expect(copy.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(copy.prepare('SELECT "displayName" FROM "User"').pluck().all()).not.toContain('Written in between')
  expect(copy.prepare('SELECT count(*) FROM "Message"').pluck().get()).toBe(20_001)
})

test('Each restored backup is another log: no cursor of before, or of another restored one, is good there', {
  timeout,
}, async () => {
  const { tom, groupId, say, source, target, mediaFolder, stop } = await tomsServer()
  const { cursor } = await say('Before')
  await stop()
  await backUp({ source, mediaFolder, target })

  const lives = []
  for (const _ of ['once', 'twice']) {
    const server = await startServer({ databaseUrl: await restore(target) })
    const reader = await server.login(tom)
    const { sendGroupMessage } = await reader.request(sendToGroup, { input: { groupId, content: 'After' } })
    lives.push({ reader, cursor: sendGroupMessage.cursor })
  }
  const [once, twice] = lives
  for (const [reader, foreign] of [
    [once?.reader, cursor],
    [twice?.reader, once?.cursor],
  ] as const) {
    const ear = reader?.listen(listenToGroup, { groupId, after: foreign ?? '' })
    await expect(ear?.next()).rejects.toThrow(/belongs to another log/)
  }
})

test('What has the name already stays, and a database that isn’t there isn’t made', { timeout }, async () => {
  const { folder, source, target, mediaFolder, stop } = await tomsServer()
  await stop()
  await writeFile(target, 'An older one')
  await expect(backUp({ source, mediaFolder, target })).rejects.toThrow(/is there already/)
  expect(await readFile(target, 'utf8')).toBe('An older one')

  const missing = join(folder, 'missing.db')
  await expect(backUp({ source: missing, mediaFolder, target: join(folder, 'b.db') })).rejects.toThrow(/no database/)
  expect(await readdir(folder)).not.toContain('missing.db')
})

test('Of a damaged database there is no backup', { timeout }, async () => {
  const server = await tomsServer()
  const { folder, tom, groupId, source, target, mediaFolder, stop } = server
  await fillGroup(server, { id: groupId }, tom, 1_000)
  await stop()
  const bytes = await readFile(source)
  bytes.fill(0x5a, bytes.length / 2, bytes.length / 2 + 40_000)
  await writeFile(source, bytes)

  await expect(backUp({ source, mediaFolder, target })).rejects.toThrow(/damaged|malformed/)
  expect(namesOf(await readdir(folder), target)).toEqual([])
})

test('Where the disk takes no more, nothing is left under any name', { timeout }, async (context) => {
  requireMeans(context, canLimitFiles, 'prlimit')
  const { source, target, upload, folder } = await tomsServer()
  await upload(png(3, 4, 3_000_000))
  const { size } = await stat(source)

  for (const limit of [size / 2, 2_000_000]) {
    const wrapper = ['prlimit', `--fsize=${Math.round(limit)}`]
    const { exited } = startCommand(['backup', target], { DATABASE_URL: `file:${source}` }, wrapper)
    const { code, stderr } = await exited
    expect(code).toBe(1)
    expect(stderr).not.toContain('    at ')
    expect(namesOf(await readdir(dirname(target)), target)).toEqual([])
  }
  expect(await readdir(folder)).toContain(basename(source))
})

test.each(['backup', 'export', 'import'])(
  '%s without the name of its file does nothing',
  { timeout },
  async (command) => {
    const folder = await temporaryFolder()
    for (const words of [[], [''], ['one', 'two']]) {
      const { exited } = startCommand([command, ...words], { DATABASE_URL: `file:${join(folder, 'chat.db')}` })
      expect(await exited).toMatchObject({ code: 2, stdout: '' })
    }
    expect(await readdir(folder)).toEqual([])
  },
)

function namesOf(entries: string[], target: string): string[] {
  return entries.filter((entry) => entry.startsWith(basename(target)))
}
