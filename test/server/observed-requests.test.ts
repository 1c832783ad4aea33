import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../../src/logger.ts'
import { createClientAddresses } from '../../src/server/client-address.ts'
import { observeRequests } from '../../src/server/observed-requests.ts'
import { noObserver } from '../../src/server/observer.ts'

type Observed = Parameters<typeof observeRequests>

async function startObserved(answer: Observed[0], watched: Partial<Observed[1]> = {}): Promise<string> {
  const logger = createLogger('silent')
  const whole = { addresses: createClientAddresses([]), observer: noObserver, logger, ...watched }
  const server = createServer(observeRequests(answer, whole)).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('What fails while a request is answered ends neither the process nor the wait for an answer', async () => {
  const lines: { requestId?: string; err?: { message: string } }[] = []
  const logger = createLogger('error', { write: (line) => lines.push(JSON.parse(line)) })
  const url = await startObserved(() => Promise.reject(new Error('Nobody has thought of this')), { logger })

  const { status } = await fetch(`${url}/ready`, { headers: { 'x-request-id': 'monitor-1' } })

  expect(status).toBe(500)
  expect(lines).toEqual([
    expect.objectContaining({
      requestId: 'monitor-1',
      err: expect.objectContaining({ message: 'Nobody has thought of this' }),
    }),
  ])
})

test('A request whose client has gone before the answer isn’t counted as answered', async () => {
  const asked = Promise.withResolvers<void>()
  const counted = Promise.withResolvers<[string, number]>()
  const observer = { ...noObserver, request: (...request: [string, number]) => counted.resolve(request) }
  const url = await startObserved(async () => asked.resolve(), { observer })

  const client = new AbortController()
  const answer = fetch(`${url}/ready`, { signal: client.signal })
  await asked.promise
  client.abort()

  await expect(answer).rejects.toThrow('aborted')
  expect(await counted.promise).toEqual(['ready', 499])
})
