import { expect, test } from 'vitest'
import { startServer, type TestServer } from '../support/testkit.ts'

const query = 'mutation { register(input: { username: "mallory", password: "her password" }) { accessToken } }'
const FORM = `query=${encodeURIComponent(query)}`
const MULTIPART = `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query })}\r\n--x--\r\n`

/** What any page can have a browser send without asking it beforehand. */
const SIMPLE: [string, string | undefined, string][] = [
  ['a form', 'application/x-www-form-urlencoded', FORM],
  ['a form in parts', 'multipart/form-data; boundary=x', MULTIPART],
  ['text', 'text/plain', JSON.stringify({ query })],
  ['text that claims to be more', 'text/plain; application/json', JSON.stringify({ query })],
  ['nothing said', undefined, JSON.stringify({ query })],
]

async function expectNobody(server: TestServer): Promise<void> {
  expect(await server.app.services.database.read.user.count()).toBe(0)
}

test.each(SIMPLE)('What comes as %s changes nothing', async (_what, type, body) => {
  const server = await startServer()
  const response = await fetch(server.url, {
    method: 'POST',
    headers: type ? { 'content-type': type } : {},
    body: Buffer.from(body),
  })

  expect(response.status).toBe(415)
  await expectNobody(server)
})

test('Nor does an address that is opened', async () => {
  const server = await startServer()

  for (const accept of ['application/json', 'text/event-stream', '*/*']) {
    const response = await fetch(`${server.url}?query=${encodeURIComponent(query)}`, { headers: { accept } })
    expect([accept, response.status, await response.text()]).toEqual([accept, 405, expect.stringContaining('error')])
  }
  await expectNobody(server)
})

test('Nor JSON from a page of a stranger, even where its browser doesn’t ask', async () => {
  const server = await startServer()
  const response = await server.anonymous.post({ query }, { origin: 'https://evil.example.com' })

  expect(response.status).toBe(403)
  expect(await response.json()).toEqual({
    errors: [{ message: expect.stringContaining('CORS_ORIGINS'), extensions: { code: 'FORBIDDEN' } }],
  })
  await expectNobody(server)
})

test('Nor at another address that ends like the server’s own', async () => {
  const server = await startServer()
  const headers = { 'content-type': 'application/json', origin: 'https://evil.example.com' }

  for (const path of ['/graphql/', '/x/graphql', '//graphql', '/x?y=/graphql']) {
    const url = server.url.replace(/\/graphql$/, path)
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })
    expect([path, response.status]).toEqual([path, 404])
  }
  await expectNobody(server)
})
