import { readdir, readlink, realpath } from 'node:fs/promises'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { poll } from '../support/patience.ts'
import { png } from './samples.ts'
import { mediaScene } from './scene.ts'

/** How many files of a folder this process has open. */
async function countOpen(folder: string): Promise<number> {
  const descriptors = await readdir('/proc/self/fd')
  const paths = await Promise.all(descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')))
  return paths.filter((path) => path.startsWith(folder)).length
}

/** Asks for a file so many times over one connection, without waiting for answers. */
function askAtOnce(url: string, times: number, lastHeaders = '') {
  const { hostname, port, pathname } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  const request = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n`
  socket.write(`${`${request}\r\n`.repeat(times - 1)}${request}${lastHeaders}\r\n`)
  return socket
}

test('What is asked for at once over one connection comes one after the other', async () => {
  const { upload } = await mediaScene()
  const { url } = await upload(Buffer.from('Cheese'))

  const answer = await text(askAtOnce(url, 3, 'Connection: close\r\n'))

  expect(answer.match(/HTTP\/1.1 200 OK[\s\S]+?\r\n\r\nCheese/g)).toHaveLength(3)
})

test.runIf(process.platform === 'linux')('Whoever asks for a lot at once and goes leaves no file open', async () => {
  const { app, upload } = await mediaScene()
  const { url } = await upload(png(1, 1, 5_000_000))
  const folder = await realpath(app.services.media.folder)
  const socket = askAtOnce(url, 100)
  await poll(async () => (await countOpen(folder)) > 0, true)

  socket.destroy()

  await poll(() => countOpen(folder), 0)
})
