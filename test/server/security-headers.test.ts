import { expect, test } from 'vitest'
import { API_CSP, GRAPHIQL_CSP, WEB_CLIENT_CSP } from '../../src/server/security-headers.ts'
import { startServer } from '../support/testkit.ts'

const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
}

async function answers(url: string, authorization: string) {
  const { origin } = new URL(url)
  const json = { 'content-type': 'application/json' }
  const file = await fetch(`${origin}/media`, { method: 'POST', headers: { authorization }, body: 'Hello' })
  return {
    health: await fetch(`${origin}/health`),
    ready: await fetch(`${origin}/ready`),
    landing: await fetch(`${origin}/`, { redirect: 'manual' }),
    missing: await fetch(`${origin}/nowhere`),
    page: await fetch(url, { headers: { accept: 'text/html' } }),
    answer: await fetch(url, { method: 'POST', headers: json, body: '{"query":"{ __typename }"}' }),
    malformed: await fetch(url, { method: 'POST', headers: json, body: '{' }),
    stream: await fetch(url, {
      method: 'POST',
      headers: { ...json, accept: 'text/event-stream' },
      body: '{"query":"{ __typename }"}',
    }),
    foreign: await fetch(url, { method: 'POST', headers: { ...json, origin: 'https://evil.example.com' } }),
    upload: file,
    file: await fetch(String(file.headers.get('location'))),
    noFile: await fetch(`${origin}/media/nothing`),
  }
}

test('Every answer says what browsers may do with it, sets no cookie and doesn’t say what serves it', async () => {
  const server = await startServer()
  const tom = await server.register('tom')

  for (const [what, { headers }] of Object.entries(await answers(server.url, `Bearer ${tom.accessToken}`))) {
    const given = Object.fromEntries(headers)
    expect([what, given]).toEqual([what, expect.objectContaining(EVERYWHERE)])
    for (const name of ['set-cookie', 'x-powered-by', 'server', 'strict-transport-security']) {
      expect([what, headers.has(name)]).toEqual([what, false])
    }
  }
})

test('Only with TLS are browsers told never to come without', async () => {
  const { url } = await startServer({ publicUrl: 'https://chat.example.com' })

  const { headers } = await fetch(new URL('/health', url))
  expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}$/)
})

test('No page runs what isn’t served as a file of its own', () => {
  for (const policy of [API_CSP, WEB_CLIENT_CSP, GRAPHIQL_CSP]) {
    const { 'default-src': others, 'script-src': scripts = others } = directivesOf(policy)
    expect(others).toBe("'none'")
    expect(["'none'", "'self'"]).toContain(scripts)
    expect(directivesOf(policy)['frame-ancestors']).toBe("'none'")
  }
  expect(WEB_CLIENT_CSP).not.toContain('unsafe')
})

function directivesOf(policy: string): Record<string, string> {
  return Object.fromEntries(policy.split('; ').map((directive) => directive.split(/ (.*)/).slice(0, 2)))
}
