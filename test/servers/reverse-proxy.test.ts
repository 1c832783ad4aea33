import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { png } from '../media/samples.ts'
import { startCaddy } from '../support/caddy-server.ts'
import { needs } from '../support/needs.ts'
import { startNginx } from '../support/nginx-server.ts'
import { quietPort } from '../support/quiet-port.ts'
import { startServer } from '../support/testkit.ts'
import { talkThrough } from './talk-through.ts'

const timeout = 60_000 // ms, for a busy machine

const KINDS = [
  ['deploy/nginx.conf', needs('nginx', 'openssl'), startNginx],
  ['deploy/Caddyfile', needs('caddy'), startCaddy],
] as const

/** A node that tells what reaches it. */
async function startEcho() {
  const seen: IncomingHttpHeaders[] = []
  const server = createServer((incoming, response) => {
    seen.push(incoming.headers)
    response.end(incoming.url)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { seen, host: `127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** Asks over TLS, whoever signed the certificate. */
async function askOverTls(url: string): Promise<{ status: number | undefined; headers: IncomingHttpHeaders }> {
  const asking = request(url, { rejectUnauthorized: false, agent: false }).end()
  const [response] = await once(asking, 'response')
  response.resume()
  return { status: response.statusCode, headers: response.headers }
}

for (const [name, suite, startProxy] of KINDS) {
  suite(name, () => {
    test('passes on a conversation over HTTP, WebSocket and SSE', { timeout }, async () => {
      const server = await startServer()
      const { url } = await startProxy(new URL(server.url).host)
      await talkThrough(url, server)
    })

    test('passes on uploads that are larger than operations may be, and their refusal', { timeout }, async () => {
      const server = await startServer({ limits: { mediaBytes: 5_000_000 } })
      const { url } = await startProxy(new URL(server.url).host)
      const { accessToken } = await server.register('tom')
      const headers = { authorization: `Bearer ${accessToken}` }
      const upload = (size: number) =>
        fetch(`${url}/media?name=cat.png`, { method: 'POST', headers, body: new Uint8Array(png(3, 4, size)) })

      const taken = await upload(4_000_000)
      expect(taken.status).toBe(201)
      const { url: address } = (await taken.json()) as { url: string }
      const there = await fetch(new URL(new URL(address).pathname, url), { headers: { range: 'bytes=0-7' } })
      expect(there.status).toBe(206)
      expect(Buffer.from(await there.arrayBuffer())).toEqual(png(3, 4, 4_000_000).subarray(0, 8))
      expect((await upload(6_000_000)).status).toBe(413)
    })

    test('serves TLS, WebSockets included, and tells browsers to stay with it', { timeout }, async () => {
      const server = await startServer()
      const { tlsUrl } = await startProxy(new URL(server.url).host)

      const { status, headers } = await askOverTls(`${tlsUrl}/health`)
      expect(status).toBe(200)
      expect(headers['strict-transport-security']).toMatch(/max-age=\d{7}/)

      const socket = new WebSocket(`${tlsUrl.replace('https', 'wss')}/graphql`, 'graphql-transport-ws', {
        rejectUnauthorized: false,
      })
      onTestFinished(() => socket.terminate())
      await once(socket, 'open')
      socket.send('{"type":"connection_init"}')
      expect(JSON.parse(String((await once(socket, 'message'))[0]))).toMatchObject({ type: 'connection_ack' })
    })

    test('tells the server the client’s address and its own name, whatever he says himself', { timeout }, async () => {
      const { seen, host } = await startEcho()
      const { url, tlsUrl } = await startProxy(host)
      const lies = {
        'x-forwarded-for': '192.0.2.1',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'evil.example.com',
      }
      await fetch(`${url}/graphql`, { headers: lies })
      await askOverTls(`${tlsUrl}/graphql`)

      const asked = seen.filter((headers) => 'x-forwarded-for' in headers)
      expect(asked).toMatchObject([
        { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', host: new URL(url).host },
        { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https' },
      ])
      expect(asked.map((headers) => headers['x-forwarded-host'])).not.toContain(lies['x-forwarded-host'])
    })

    test('keeps the metrics inside', { timeout }, async () => {
      const { seen, host } = await startEcho()
      const { url } = await startProxy(host)

      for (const path of ['/metrics', '/metrics?x', '/metrics/', '//metrics', '/%6detrics']) {
        expect((await fetch(url + path)).status, path).toBe(404)
      }
      expect(seen.filter((headers) => 'x-forwarded-for' in headers)).toEqual([])
    })

    test('writes no address into its log, not even where no server answers', { timeout }, async () => {
      const { url, logs } = await startProxy(`127.0.0.1:${await quietPort()}`)
      expect((await fetch(`${url}/graphql?token=of-tom`)).status).toBeGreaterThanOrEqual(502)
      expect(await logs()).not.toContain('of-tom')
    })
  })
}
