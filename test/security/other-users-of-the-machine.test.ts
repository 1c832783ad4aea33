import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { png } from '../media/samples.ts'
import { mediaScene } from '../media/scene.ts'
import { temporaryFolder } from '../support/testkit.ts'

test('Other users of the machine can read nothing that the server keeps, nor give it commands', {
  timeout: 60_000,
}, async () => {
  const folder = await temporaryFolder()
  const { upload } = await mediaScene({ databaseUrl: `file:${join(folder, 'chat.db')}` })
  await upload(png(3, 4))

  const entries = (await readdir(folder)).filter((name) => !name.startsWith('chat.db.lock')) // these hold nothing
  expect(entries).toEqual(
    expect.arrayContaining(['chat.db', 'chat.db-wal', 'chat.db-shm', 'chat.db.jwt-secret', 'chat.db.media']),
  )
  const modes = await Promise.all(
    entries.map(async (name) => ({ name, forOthers: (await stat(join(folder, name))).mode & 0o077 })),
  )
  expect(modes).toEqual(entries.map((name) => ({ name, forOthers: 0 })))
})
