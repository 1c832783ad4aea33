import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { UPGRADE } from '../fuzz/frames.ts'
import { exchange, statusesOf } from '../fuzz/wire.ts'
import { startServer } from '../support/testkit.ts'

const bomb = gzipSync(Buffer.alloc(50_000_000, ' '))

test('A compressed body isn’t unfolded: neither an operation nor an upload', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const authorization = `Bearer ${tom.accessToken}`

  for (const encoding of ['gzip', 'GZIP', 'br', 'deflate', 'gzip, gzip']) {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding, authorization }
    for (const url of [server.url, new URL('/media', server.url)]) {
      const response = await fetch(url, { method: 'POST', headers, body: bomb })
      expect([encoding, response.status]).toEqual([encoding, 415])
      expect(await response.text()).toContain('Content-Encoding')
    }
  }
  expect((await tom.post({ query: '{ __typename }' }, { 'content-encoding': 'identity' })).status).toBe(200)
})

test('Compression of messages isn’t agreed on, and a message that is compressed all the same ends its socket', async () => {
  const { url } = await startServer()
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { perMessageDeflate: true })
  onTestFinished(() => socket.terminate())
  await new Promise((resolve) => socket.once('open', resolve))
  expect(socket.extensions).toBe('')

  const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'
  const compressed = '\xc1\x80\0\0\0\0'
  const answer = await exchange(url, UPGRADE.replace('\r\n\r\n', `\r\n${offer}\r\n\r\n`) + compressed, {
    halfClose: true,
  })
  expect(statusesOf(answer)).toEqual([101])
  expect(answer).not.toMatch(/sec-websocket-extensions/i)
  expect(answer).toContain('\x88')
})
