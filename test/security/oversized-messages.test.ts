import { expect, test } from 'vitest'
import { openBareSocket, openSignedInSocket } from '../support/bare-socket.ts'
import { startServer } from '../support/testkit.ts'

const CROWD = 10
const HUGE = 'x'.repeat(5_000_000)

test('Messages and bodies that are too large are refused from many at once, while others are served', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const other = await openSignedInSocket(server.url, tom.accessToken)
  const sockets = await Promise.all(Array.from({ length: CROWD }, () => openBareSocket(server.url)))
  const query = `{ __typename } # ${HUGE}`

  for (const { socket, send } of sockets) {
    socket.on('error', () => {}) // it may be reset under what is still being sent
    send({ type: 'ping', payload: { query } })
  }
  const posts = Array.from({ length: CROWD }, () => server.anonymous.post({ query }))
  other.send({ type: 'ping' })
  expect(await other.next()).toMatchObject({ type: 'pong' })

  for (const { closed } of sockets) expect([1006, 1009]).toContain(await closed)
  for (const response of await Promise.all(posts)) expect(response.status).toBe(413)
  expect((await tom.post({ query: '{ viewer { id } }' })).status).toBe(200)
})
