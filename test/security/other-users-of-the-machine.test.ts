import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLog } from '../../src/logger.ts'
import { png } from '../media/samples.ts'
import { mediaScene } from '../media/scene.ts'
import { temporaryFolder } from '../support/testkit.ts'

test('Other users of the machine can read nothing that the server keeps, nor give it commands', {
  timeout: 60_000,
}, async () => {
  const folder = await temporaryFolder()
  const { upload } = await mediaScene({ databaseUrl: `file:${join(folder, 'chat.db')}` })
  await upload(png(3, 4))
  const log = openLog('info', { path: join(folder, 'chat.log'), bytes: 10, files: 2 })
  for (const word of ['First', 'Second']) log.logger.info(word)
  log.close()

  const entries = await readdir(folder)
  // Who can read the lock could take it.
  const database = ['', '-wal', '-shm', '.jwt-secret', '.media', '.lock'].map((ending) => `chat.db${ending}`)
  expect(entries).toEqual(expect.arrayContaining([...database, 'chat.log', 'chat.log.1']))
  const modes = await Promise.all(
    entries.map(async (name) => ({ name, forOthers: (await stat(join(folder, name))).mode & 0o077 })),
  )
  expect(modes).toEqual(entries.map((name) => ({ name, forOthers: 0 })))
})
