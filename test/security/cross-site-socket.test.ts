import { expect, test } from 'vitest'
import { UPGRADE } from '../fuzz/frames.ts'
import { exchange, statusesOf } from '../fuzz/wire.ts'
import { openBareSocket } from '../support/bare-socket.ts'
import { startServer } from '../support/testkit.ts'

test('A page of a stranger gets no socket, with whatever token, and leaves nothing behind', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const headers = { origin: 'https://evil.example.com', authorization: `Bearer ${tom.accessToken}` }

  await expect(openBareSocket(server.url, { headers })).rejects.toThrow('403')
  await expect(openBareSocket(server.url, { headers, query: `?token=${tom.accessToken}` })).rejects.toThrow('403')

  expect(server.app.census()).toMatchObject({ connections: 0 })
  await openBareSocket(server.url, { headers: { origin: new URL(server.url).origin } })
})

test('It is refused before the upgrade, and what it sends along is dropped', async () => {
  const server = await startServer()
  const foreign = UPGRADE.replace('\r\n\r\n', '\r\nOrigin: https://evil.example.com\r\n\r\n')

  const answer = await exchange(server.url, foreign + 'x'.repeat(100_000))

  expect(statusesOf(answer)).toEqual([403])
  await server.stop()
})
