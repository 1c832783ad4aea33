import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import { poll } from '../support/patience.ts'
import { startServer, temporaryFolder } from '../support/testkit.ts'
import { png } from './samples.ts'
import { type MediaScene, mediaScene, refusalOf } from './scene.ts'

function uploadHead({ origin, tom }: MediaScene, length: number): string {
  const headers = `Host: ${new URL(origin).host}\r\nAuthorization: Bearer ${tom.accessToken}\r\nContent-Length: ${length}`
  return `POST /media HTTP/1.1\r\n${headers}\r\n\r\n`
}

/** The server's ends of the connections made from now on. */
function noteSockets(): Socket[] {
  const sockets: Socket[] = []
  const note = (message: unknown) => void sockets.push((message as { socket: Socket }).socket)
  subscribe('net.server.socket', note)
  onTestFinished(() => void unsubscribe('net.server.socket', note))
  return sockets
}

/** Begins an upload of so many bytes, and sends only the first of them. */
async function beginUpload(scene: MediaScene, length = 1_000_000): Promise<Socket> {
  const { origin, filesOnDisk } = scene
  const { hostname, port } = new URL(origin)
  const before = (await filesOnDisk()).length
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  socket.write(uploadHead(scene, length))
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

test('So does one whose sender has gone before it is known who he is', async () => {
  const scene = await mediaScene()
  const { sessions } = scene.app.services
  const { authenticate } = sessions
  const gone = Promise.withResolvers<unknown>()
  const spy = vi.spyOn(sessions, 'authenticate').mockImplementation(async (token) => {
    await gone.promise
    return authenticate(token)
  })
  onTestFinished(() => spy.mockRestore())
  const sockets = noteSockets()
  const { hostname, port } = new URL(scene.origin)
  const socket = connect(Number(port), hostname)
  socket.write(uploadHead(scene, 1_000_000))
  await poll(async () => spy.mock.calls.length, 1)

  socket.destroy()
  await poll(async () => sockets.length > 0 && sockets.every(({ closed }) => closed), true)
  gone.resolve(null)

  expect((await scene.post(png(1, 1))).status).toBe(201)
  expect(await scene.filesOnDisk()).toHaveLength(1)
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
  const sockets = noteSockets()
  const { hostname, port, host, pathname } = new URL(url)
  const reader = connect(Number(port), hostname)
  onTestFinished(() => void reader.destroy())
  reader.pause()
  reader.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)

  await poll(async () => sockets.some(({ writableNeedDrain }) => writableNeedDrain), true)

  for (const { writableLength } of sockets) expect(writableLength).toBeLessThan(500_000)
})
