import { expect, test, vi } from 'vitest'
import { openBareSocket } from '../support/bare-socket.ts'
import { startServer } from '../support/testkit.ts'

const logins = Array.from({ length: 1_000 }, (_, index) => ({
  query: `mutation { login(input: { login: "tom", password: "guess ${index}" }) { user { id } } }`,
}))

test('A thousand passwords in one request, as an array of operations: none is tried', async () => {
  const server = await startServer()
  const tried = vi.spyOn(server.app.services.credentials, 'login')

  for (const batch of [logins, logins.slice(0, 1), []]) {
    const response = await server.anonymous.post(batch)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      errors: [{ message: 'Batching is not supported.', extensions: { code: 'BAD_REQUEST' } }],
    })
  }
  expect(tried).not.toHaveBeenCalled()
})

test('A thousand passwords in one WebSocket message: none is tried', async () => {
  const server = await startServer()
  const tried = vi.spyOn(server.app.services.credentials, 'login')
  const messages = logins.map((payload, index) => ({ type: 'subscribe', id: `${index}`, payload }))

  for (const batch of [messages, { type: 'subscribe', id: '1', payload: logins }]) {
    const socket = await openBareSocket(server.url)
    socket.send({ type: 'connection_init' })
    await socket.next()
    socket.send(JSON.stringify(batch))
    expect(await socket.closed).toBe(4400)
  }
  expect(tried).not.toHaveBeenCalled()
})
