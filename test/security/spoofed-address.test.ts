import { expect, test } from 'vitest'
import { png } from '../media/samples.ts'
import { mediaScene } from '../media/scene.ts'
import { overHttp, RATE_LIMITED } from '../rates/rate-limited.ts'
import { openBareSocket } from '../support/bare-socket.ts'
import { createClient } from '../support/client.ts'
import { startLoadBalancer } from '../support/load-balancer.ts'
import { needs } from '../support/needs.ts'
import { startServer } from '../support/testkit.ts'
import { BEHIND_PROXY } from './attacker.ts'

const RATES = { anonymous: { points: 3, duration: 3_600_000 } }

test('Where no proxy is trusted, nobody gets away from his rate by a header', async () => {
  const server = await startServer({ rates: RATES })
  const headers = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'x-client-ip', 'cf-connecting-ip', 'true-client-ip']
  const answers = []
  for (const [number, header] of headers.entries()) {
    answers.push(await overHttp(server.anonymous, { [header]: `203.0.113.${number}` })('{ __typename }'))
  }
  expect(answers).toEqual([undefined, undefined, undefined, [RATE_LIMITED], [RATE_LIMITED], [RATE_LIMITED]])
})

test('Where one is trusted, what a client wrote before it counts for nothing', async () => {
  const server = await startServer({ ...BEHIND_PROXY, rates: RATES })
  const ask = (forwarded: string) => overHttp(server.anonymous, { 'x-forwarded-for': forwarded })('{ __typename }')
  for (let number = 0; number < 3; number++) expect(await ask(`198.51.100.${number}, 203.0.113.1`)).toBeUndefined()
  expect(await ask('198.51.100.99, 203.0.113.1')).toEqual([RATE_LIMITED])
  expect(await ask('203.0.113.2')).toBeUndefined()
})

test('The sockets of one network are counted by who the proxy says it is, and by nothing that a client says', async () => {
  const limits = { socketsPerAddress: 1 }
  const open = async (url: string, address: string) => {
    await openBareSocket(url, { headers: { 'x-forwarded-for': address } })
  }
  const proxied = await startServer({ ...BEHIND_PROXY, limits })
  await open(proxied.url, '203.0.113.1')
  await open(proxied.url, '203.0.113.2')
  await expect(open(proxied.url, '203.0.113.1')).rejects.toThrow('429')

  const direct = await startServer({ limits })
  await open(direct.url, '203.0.113.1')
  await expect(open(direct.url, '203.0.113.2')).rejects.toThrow('429')
})

test.each([
  [[], /^http:\/\/127\.0\.0\.1:\d+\/media\//],
  [['loopback'], /^https:\/\/chat\.example\.com\/media\//],
])('Trusting %j, an upload’s URL begins with what who may say so says', async (trustedProxies, expected) => {
  const { post, tom } = await mediaScene({ trustedProxies })
  const authorization = `Bearer ${tom.accessToken}`
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'chat.example.com' }
  const response = await post(png(1, 1), { headers: { authorization, ...forwarded } })
  expect(await response.json()).toMatchObject({ url: expect.stringMatching(expected) })
})

needs('haproxy')('Behind the load balancer', () => {
  test('what a client says of where he comes from, and whom he asked, is gone', async () => {
    const server = await startServer({ ...BEHIND_PROXY, rates: RATES })
    const tom = await server.register('tom')
    const { host } = new URL(server.url)
    const balancer = await startLoadBalancer(host, host)
    const there = createClient(`${balancer.url}/graphql`, null)
    const ask = (address: string) => overHttp(there, { 'x-forwarded-for': address })('{ __typename }')
    expect([await ask('203.0.113.1'), await ask('203.0.113.2')]).toEqual([undefined, undefined])
    expect(await ask('203.0.113.3')).toEqual([RATE_LIMITED])

    const headers = { authorization: `Bearer ${tom.accessToken}`, 'x-forwarded-host': 'evil.example' }
    const response = await fetch(`${balancer.url}/media`, { method: 'POST', headers, body: png(1, 1) as BodyInit })
    const { url } = (await response.json()) as { url: string }
    expect(new URL(url).host).toBe(new URL(balancer.url).host)
  })
})
