import { expect, test } from 'vitest'
import { openBareSocket } from '../support/bare-socket.ts'
import { startServer, type TestSettings } from '../support/testkit.ts'

const APP = 'https://app.example.com'
const STRANGER = 'https://evil.example.com'
const body = JSON.stringify({ query: '{ __typename }' })

/** How a page of this origin fares: with an operation, with the question before it, and with a socket. */
async function fareOf(url: string, origin: string) {
  const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
  const [answer, preflight, socket] = await Promise.all([
    fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', origin }, body }),
    fetch(url, { method: 'OPTIONS', headers: { origin, ...asked } }),
    openBareSocket(url, { headers: { origin } }).then(
      () => 'open',
      (error) => String(error),
    ),
  ])
  return {
    status: answer.status,
    mayRead: answer.headers.get('access-control-allow-origin'),
    exposed: answer.headers.get('access-control-expose-headers'),
    vary: answer.headers.get('vary'),
    preflight: preflight.status,
    mayAsk: preflight.headers.get('access-control-allow-origin'),
    mayHave: preflight.headers.get('access-control-allow-headers'),
    socket,
  }
}

const REFUSED = { status: 403, mayRead: null, preflight: 403, mayAsk: null, socket: expect.stringContaining('403') }

function welcome(origin: string) {
  return { status: 200, mayRead: origin, preflight: 204, mayAsk: origin, mayHave: 'content-type', socket: 'open' }
}

test('Pages of its own are welcome, and of no other origin', async () => {
  const { url } = await startServer()
  const { origin } = new URL(url)

  expect(await fareOf(url, origin)).toMatchObject(welcome(origin))
  for (const other of [STRANGER, 'null', `${origin}0`, `${origin}.example.com`, 'http://127.0.0.1']) {
    expect([other, await fareOf(url, other)]).toEqual([other, expect.objectContaining(REFUSED)])
  }
})

test('With PUBLIC_URL, its own pages are those there alone', async () => {
  const { url } = await startServer({ publicUrl: 'https://chat.example.com/under/here' })

  expect(await fareOf(url, 'https://chat.example.com')).toMatchObject(welcome('https://chat.example.com'))
  expect(await fareOf(url, new URL(url).origin)).toMatchObject(REFUSED)
})

test('Pages of the origins that are set are welcome too, and may read what they need', async () => {
  const { url } = await startServer({ corsOrigins: [APP, 'http://localhost:5173'] })

  const fare = await fareOf(url, APP)
  expect(fare).toMatchObject(welcome(APP))
  expect(fare.vary).toContain('Origin')
  expect(fare.exposed).toContain('x-request-id')
  expect(fare.exposed).toContain('retry-after')
  expect(await fareOf(url, 'http://localhost:5173')).toMatchObject(welcome('http://localhost:5173'))
  expect(await fareOf(url, STRANGER)).toMatchObject(REFUSED)
})

test('All pages are welcome where that is set', async () => {
  const { url } = await startServer({ corsOrigins: '*' })

  for (const origin of [STRANGER, 'null']) {
    expect(await fareOf(url, origin)).toMatchObject({ ...welcome('*'), vary: null })
  }
})

test.each<[string, TestSettings, number]>([
  ['a strange origin', {}, 403],
  ['an origin that is set', { corsOrigins: [STRANGER] }, 201],
])('Pages of %s upload as they ask, and show files as anybody does', async (_whose, settings, status) => {
  const server = await startServer(settings)
  const tom = await server.register('tom')
  const media = new URL('/media', server.url)
  const headers = { authorization: `Bearer ${tom.accessToken}`, origin: STRANGER }
  const upload = await fetch(media, { method: 'POST', headers, body: 'Hello' })
  expect(upload.status).toBe(status)

  const { origin: _origin, ...ownHeaders } = headers
  const own = await fetch(media, { method: 'POST', headers: ownHeaders, body: 'Hello' })
  const file = await fetch(String(own.headers.get('location')), { headers: { origin: STRANGER } })
  expect(file.status).toBe(200)
  expect(file.headers.get('access-control-allow-origin')).toBe('*')
  expect(file.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
})

test('A program says nothing of where it comes from, and needn’t', async () => {
  const { anonymous, url } = await startServer()

  const answer = await anonymous.post({ query: '{ __typename }' })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  await openBareSocket(url)
})
