import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { overHttp } from '../rates/rate-limited.ts'
import { startServer } from '../support/testkit.ts'
import { BEHIND_PROXY } from './attacker.ts'

/** @returns 101, or the refusal with its advice */
async function upgrade(url: string, address: string) {
  const headers = { 'x-forwarded-for': address }
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers })
  onTestFinished(() => socket.terminate())
  socket.on('error', () => {})
  const refused = once(socket, 'unexpected-response') as Promise<[unknown, IncomingMessage]>
  const opened = once(socket, 'open').then(() => {
    socket.close()
    return { status: 101, retryAfter: undefined }
  })
  const refusal = refused.then(([, { statusCode, headers }]) => ({
    status: statusCode,
    retryAfter: Number(headers['retry-after']),
  }))
  return Promise.race([opened, refusal])
}

const REFUSED = { status: 429, retryAfter: expect.any(Number) }

test('One network opens sockets at a rate, however soon it closes them', async () => {
  const server = await startServer({ ...BEHIND_PROXY, rates: { socket: { points: 5, duration: 3_600_000 } } })
  const answers = []
  for (let number = 0; number < 20; number++) answers.push(await upgrade(server.url, '203.0.113.1'))
  expect(answers.slice(0, 5).map(({ status }) => status)).toEqual(Array(5).fill(101))
  expect(answers.slice(5)).toEqual(Array(15).fill(REFUSED))
  expect(answers.at(-1)?.retryAfter).toBeGreaterThan(3_000)
  expect((await upgrade(server.url, '203.0.113.2')).status).toBe(101)
})

test('All networks together open sockets at a rate, and those that are open and requests go on', async () => {
  const server = await startServer({ ...BEHIND_PROXY, rates: { accept: { points: 5, duration: 3_600_000 } } })
  const addresses = Array.from({ length: 20 }, (_, host) => `203.0.113.${host}`)
  const answers = await Promise.all(addresses.map((address) => upgrade(server.url, address)))
  expect(answers.filter(({ status }) => status === 101)).toHaveLength(5)
  expect(answers.filter(({ status }) => status === 429)).toEqual(Array(15).fill(REFUSED))
  expect(await overHttp(server.anonymous)('{ __typename }')).toBeUndefined()
})

test('Who has as many sockets as one network may is told to come back later', async () => {
  const server = await startServer({ ...BEHIND_PROXY, limits: { socketsPerAddress: 0 } })
  expect(await upgrade(server.url, '203.0.113.1')).toEqual({ status: 429, retryAfter: 10 })
})
