import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../../src/logger.ts'
import { createClientAddresses } from '../../src/server/client-address.ts'
import { observeRequests } from '../../src/server/observed-requests.ts'
import { noObserver } from '../../src/server/observer.ts'

test('What fails while a request is answered ends neither the process nor the wait for an answer', async () => {
  const lines: { requestId?: string; err?: { message: string } }[] = []
  const logger = createLogger('error', { write: (line) => lines.push(JSON.parse(line)) })
  const answer = () => Promise.reject(new Error('Nobody has thought of this'))
  const watched = { addresses: createClientAddresses([]), observer: noObserver, logger }
  const server = createServer(observeRequests(answer, watched)).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const { status } = await fetch(`http://127.0.0.1:${port}/ready`, { headers: { 'x-request-id': 'monitor-1' } })

  expect(status).toBe(500)
  expect(lines).toEqual([
    expect.objectContaining({
      requestId: 'monitor-1',
      err: expect.objectContaining({ message: 'Nobody has thought of this' }),
    }),
  ])
})
