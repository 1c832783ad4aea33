import { request } from 'node:http'
import { expect, test } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { startServer } from '../support/testkit.ts'
import { metricsUrl } from './read-metrics.ts'

/** `fetch` chooses the Host itself. */
function statusFor(url: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers, agent: false }, (response) => resolve(response.resume().statusCode))
      .once('error', reject)
      .end()
  })
}

test('Unless told otherwise, who asks from this machine may read the metrics, and nobody through a proxy', async () => {
  const url = metricsUrl(await startServer())

  expect(await statusFor(url)).toBe(200)
  for (const header of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP']) {
    expect(await statusFor(url, { [header]: '127.0.0.1' })).toBe(404)
  }
  expect(await statusFor(url, { Host: 'rebound.example.com' })).toBe(404)
})

test('Where there is a token, it alone opens them', async () => {
  const url = metricsUrl(await startServer({ metricsReaders: { token: 'the-token-for-metrics' } }))

  expect(await statusFor(url)).toBe(401)
  expect(await statusFor(url, { authorization: 'Bearer another-token' })).toBe(401)
  expect(await statusFor(url, { authorization: 'Bearer the-token-for-metrics', 'x-forwarded-for': '192.0.2.1' })).toBe(
    200,
  )
})

test('Where nobody may read them, there are none, and the server works all the same', async () => {
  const server = await startServer({ metricsReaders: null })

  expect(await statusFor(metricsUrl(server))).toBe(404)
  await expect(server.register('tom')).resolves.toMatchObject({ username: 'tom' })
})

test('The settings say who may read them', () => {
  const readers = (env: Record<string, string>) => parseConfig(env).metricsReaders
  const METRICS_TOKEN = 'the-token-for-metrics'

  expect(readers({})).toBe('local')
  // Behind a proxy on the same machine, strangers seem to be local.
  expect(readers({ PUBLIC_URL: 'https://chat.example.com' })).toBeNull()
  expect(readers({ TRUST_PROXY: 'loopback' })).toBeNull()
  expect(readers({ PUBLIC_URL: 'https://chat.example.com', METRICS: 'local' })).toBe('local')
  expect(readers({ PUBLIC_URL: 'https://chat.example.com', METRICS_TOKEN })).toEqual({ token: METRICS_TOKEN })
  expect(readers({ METRICS: 'on' })).toBe('all')
  expect(readers({ METRICS: 'on', METRICS_TOKEN })).toEqual({ token: METRICS_TOKEN })
  expect(readers({ METRICS: 'off', METRICS_TOKEN })).toBeNull()
  expect(() => readers({ METRICS_TOKEN: 'short' })).toThrow('METRICS_TOKEN: must have at least 16 characters')
})
