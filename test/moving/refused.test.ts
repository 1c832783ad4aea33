import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { canLimitFiles } from '../chaos/full-disk.ts'
import { requireMeans } from '../chaos/means.ts'
import { startCommand } from '../support/command-process.ts'
import { seededRandom } from '../support/random.ts'
import { startServer, temporaryFolder } from '../support/testkit.ts'
import { environmentOf, exportFrom, filledServer, freshPlace, importInto } from './scene.ts'

const timeout = 60_000

async function exported() {
  const { place, stop } = await filledServer(600)
  await stop()
  const file = await exportFrom(place)
  const bytes = await readFile(file)
  const lines = gunzipSync(bytes).toString().trimEnd().split('\n')
  const written = async (content: Buffer) => {
    const path = join(await temporaryFolder(), 'other.export')
    await writeFile(path, content)
    return path
  }
  const zipped = (changed: string[]) => written(gzipSync(`${changed.join('\n')}\n`))
  return { place, file, bytes, lines, written, zipped }
}

test('A file that was cut off or altered is refused, and nothing of it is imported', { timeout }, async () => {
  const random = seededRandom()
  const { file, bytes, lines, written, zipped } = await exported()
  const flipped = Buffer.from(bytes)
  const bit = 20 + random.below(bytes.length - 40)
  flipped[bit] = (flipped[bit] ?? 0) ^ (1 << random.below(8))
  const ordinary = lines.findIndex((line) => line.includes('"message 77"'))
  const upload = lines.findIndex((line) => /"upload".*AAAA/.test(line))
  const changed = (index: number, change: (line: string) => string) =>
    lines.map((line, at) => (at === index ? change(line) : line))

  const place = await freshPlace()
  for (const bad of [
    await written(Buffer.alloc(0)),
    await written(Buffer.from('No export')),
    await written(bytes.subarray(0, random.below(bytes.length))),
    await written(bytes.subarray(0, -1)),
    await written(flipped),
    await zipped([]),
    await zipped(lines.slice(0, -1)),
    await zipped([...lines, lines.at(-2) ?? '']),
    await zipped(lines.slice(1)),
    await zipped(lines.toSpliced(ordinary, 1)),
    await zipped(lines.toSpliced(ordinary, 0, lines[ordinary] ?? '')),
    await zipped(changed(ordinary, (line) => line.replace('"message 77"', '"massage 77"'))),
    await zipped(changed(upload, (line) => line.replace('AAAA', 'AAAB'))),
    await zipped(changed(upload, (line) => line.replace(/"upload":"/, '"upload":"../'))),
    await zipped(changed(ordinary, () => '{"table":"sqlite_master","rows":[]}')),
  ]) {
    await expect(importInto(place, bad)).rejects.toThrow(/^The file is no whole export of a ChatServer/)
  }
  await importInto(place, file)
})

test('A file of another format or another version of the tables is refused, and says so', { timeout }, async () => {
  const { lines, zipped } = await exported()
  const [header = '', ...more] = lines
  const { version, migrations, ...rest } = JSON.parse(header)
  const place = await freshPlace()

  const newer = await zipped([
    JSON.stringify({ version: version + 1, rows: 'as they will be', format: rest.format }),
    ...more,
  ])
  await expect(importInto(place, newer)).rejects.toThrow(/of format 2, and this ChatServer reads format 1/)
  const migrated = [...migrations, '29991231000000_to-come']
  const other = await zipped([JSON.stringify({ version, migrations: migrated, ...rest }), ...more])
  await expect(importInto(place, other)).rejects.toThrow(/another version of ChatServer, .*29991231000000_to-come/)
})

test('A database that people are in stays as it is', { timeout }, async () => {
  const { file } = await exported()
  const place = await freshPlace()
  const server = await startServer({ ...place })
  const jerry = await server.register('jerry')
  await server.stop()

  await expect(importInto(place, file)).rejects.toThrow(/isn't empty, but has rows in User/)

  const again = await startServer({ ...place })
  expect((await again.login(jerry)).username).toBe('jerry')
})

test('What has the name of an export already stays; where the disk takes no more, nothing is left', {
  timeout,
}, async (context) => {
  const { place, file } = await exported()
  const folder = dirname(file)
  const again = startCommand(['export', file], environmentOf(place))
  expect(await again.exited).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') })
  expect(await readdir(folder)).toEqual([basename(file)])

  requireMeans(context, canLimitFiles, 'prlimit')
  const target = join(folder, 'other.export')
  const cramped = startCommand(['export', target], environmentOf(place), ['prlimit', '--fsize=500000'])
  expect(await cramped.exited).toMatchObject({ code: 1, stderr: expect.stringContaining('EFBIG') })
  expect(await readdir(folder)).toEqual([basename(file)])
})
