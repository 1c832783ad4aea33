import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { poll } from '../support/patience.ts'
import { startServer, temporaryFolder } from '../support/testkit.ts'
import { png } from './samples.ts'
import { type MediaScene, mediaScene, refusalOf } from './scene.ts'

/** Begins an upload of so many bytes, and sends only the first of them. */
async function beginUpload({ origin, tom, filesOnDisk }: MediaScene, length = 1_000_000): Promise<Socket> {
  const { hostname, port, host } = new URL(origin)
  const before = (await filesOnDisk()).length
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  socket.write(
    `POST /media HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${tom.accessToken}\r\nContent-Length: ${length}\r\n\r\n`,
  )
  socket.write(png(1, 1, 1_000))
  await poll(async () => (await filesOnDisk()).length > before, true)
  return socket
}

test('An upload that its sender breaks off leaves nothing, and is no fault to log', async () => {
  const logged: string[] = []
  const scene = await mediaScene({}, pino({ level: 'warn' }, { write: (line) => logged.push(line) }))
  const socket = await beginUpload(scene)

  socket.destroy()

  await poll(async () => (await scene.filesOnDisk()).length, 0)
  expect(await scene.app.services.database.read.media.count()).toBe(0)
  await scene.stop()
  expect(logged).toEqual([])
})

test('One that takes too long is told so, and leaves nothing', async () => {
  const scene = await mediaScene({ limits: { uploadTimeout: 200 } })
  const socket = await beginUpload(scene)

  const [answer] = await once(socket, 'data')

  expect(String(answer)).toMatch(/^HTTP\/1.1 408 [\s\S]+"code":"REQUEST_TIMEOUT"/)
  await poll(async () => (await scene.filesOnDisk()).length, 0)
})

test('A user has only so many uploads under way; others aren’t held up', async () => {
  const scene = await mediaScene({ limits: { uploadsPerUser: 2 } })
  const jerry = await scene.register('jerry')
  const [first] = [await beginUpload(scene), await beginUpload(scene)]

  const refused = await scene.post(png(1, 1))
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(await refusalOf(refused)).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
  const headers = { authorization: `Bearer ${jerry.accessToken}` }
  expect((await scene.post(png(1, 1), { headers })).status).toBe(201)

  first.destroy()
  await poll(async () => (await scene.post(png(1, 1))).status, 201)
})

test('One that is under way when the server stops is finished', async () => {
  const scene = await mediaScene()
  const socket = await beginUpload(scene, 2_000)

  const stopped = scene.stop()
  socket.write(Buffer.alloc(1_000))

  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1.1 201 /)
  await stopped
  expect(await scene.filesOnDisk()).toHaveLength(1)
})

test('One that isn’t finished then is given up, and leaves nothing', async () => {
  const scene = await mediaScene()
  await beginUpload(scene)

  await scene.stop()

  expect(await scene.filesOnDisk()).toEqual([])
})

test('What a killed process had begun to receive is deleted at the start', async () => {
  const databaseUrl = `file:${join(await temporaryFolder(), 'chat.db')}`
  const incoming = `${databaseUrl.replace('file:', '')}.media/incoming`
  await mkdir(incoming, { recursive: true })
  await writeFile(join(incoming, 'half'), 'a file')

  await startServer({ databaseUrl })

  expect(await readdir(incoming)).toEqual([])
})

test('For who stops reading, no more than a buffer is held', async () => {
  const scene = await mediaScene()
  const { url } = await scene.upload(png(1, 1, 20_000_000))
  const sockets: Socket[] = []
  const note = (message: unknown) => void sockets.push((message as { socket: Socket }).socket)
  subscribe('net.server.socket', note)
  onTestFinished(() => void unsubscribe('net.server.socket', note))
  const { hostname, port, host, pathname } = new URL(url)
  const reader = connect(Number(port), hostname)
  onTestFinished(() => void reader.destroy())
  reader.pause()
  reader.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)

  await poll(async () => sockets.some(({ writableNeedDrain }) => writableNeedDrain), true)

  for (const { writableLength } of sockets) expect(writableLength).toBeLessThan(500_000)
})
