import { connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { MEDIA_TYPES } from '../../src/media/media-types.ts'
import { mp4, png, text } from './samples.ts'
import { mediaScene, refusalOf } from './scene.ts'

test('What is served can’t act in this origin, nor be taken for something else', async () => {
  const { upload } = await mediaScene()

  for (const [file, disposition] of [
    [png(1, 1), 'inline'],
    [mp4(), 'inline'],
    [text, 'attachment'],
    [Buffer.from('%PDF-1.7\n'), 'attachment'],
  ] as const) {
    const { headers } = await fetch((await upload(file)).url)
    expect(headers.get('content-disposition')).toMatch(new RegExp(`^${disposition}; filename=`))
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*; sandbox$/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  }
})

test('No type that can run scripts can be uploaded', () => {
  for (const [type, extension] of Object.values(MEDIA_TYPES)) {
    expect(type).not.toMatch(/html|svg|xml$|javascript|ecmascript|flash|x-msdownload|wasm/)
    expect(extension).toMatch(/^\w{2,5}$/)
  }
})

test('Ranges are served, and refused where there are none', async () => {
  const { upload } = await mediaScene()
  const film = mp4(10_000)
  const { url } = await upload(film)
  const get = (headers: Record<string, string>) => fetch(url, { headers })

  const part = await get({ range: 'bytes=100-199' })
  expect(part.status).toBe(206)
  expect(part.headers.get('content-range')).toBe('bytes 100-199/10000')
  expect(Buffer.from(await part.arrayBuffer())).toEqual(film.subarray(100, 200))
  const end = await get({ range: 'bytes=-5' })
  expect(Buffer.from(await end.arrayBuffer())).toEqual(film.subarray(-5))

  const beyond = await get({ range: 'bytes=10000-' })
  expect(beyond.headers.get('content-range')).toBe('bytes */10000')
  expect(beyond.headers.get('cache-control')).toBeNull()
  expect(await refusalOf(beyond)).toMatchObject({ status: 416, code: 'BAD_USER_INPUT' })

  const etag = part.headers.get('etag') ?? ''
  expect((await get({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206)
  expect((await get({ range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200)
})

test('It may be kept for good, and asking again costs nothing', async () => {
  const { upload } = await mediaScene()
  const { url, size } = await upload(png(1, 1))

  const head = await fetch(url, { method: 'HEAD' })
  expect(head.status).toBe(200)
  expect(head.headers.get('content-length')).toBe(String(size))
  expect(head.headers.get('accept-ranges')).toBe('bytes')
  expect(head.headers.get('cache-control')).toMatch(/immutable/)
  expect(await head.text()).toBe('')

  // Without the second header, fetch would ask past all caches.
  const headers = { 'if-none-match': head.headers.get('etag') ?? '', 'cache-control': 'max-age=0' }
  const again = await fetch(url, { headers })
  expect(again.status).toBe(304)
  expect(await again.text()).toBe('')
})

test('Nothing but the whole URL leads to a file', async () => {
  const { origin, upload } = await mediaScene()
  const { url } = await upload(png(1, 1))
  const [, id = ''] = /media\/(\w+)/.exec(url) ?? []
  const guess = id.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))

  for (const path of [`${guess}.png`, id, `${id}.jpg`, `${id}.png/`, `x/${id}.png`, id.slice(0, 8), '', 'incoming']) {
    const refusal = await refusalOf(await fetch(`${origin}/media/${path}`))
    expect({ path, ...refusal }).toMatchObject({ path, status: 404, code: 'NOT_FOUND' })
  }
})

test('No path leads out of the folder', async () => {
  const { origin } = await mediaScene()
  const { hostname, port } = new URL(origin)

  for (const path of [
    '/media/../chat.db',
    '/media/..%2fchat.db',
    '/media/%2e%2e/chat.db',
    '/media/....//chat.db',
    '/media/..\\chat.db',
    '/media/%00',
    '/media//etc/passwd',
    `/media/${'0'.repeat(32)}.png%00`,
  ]) {
    // As fetch would mend the path.
    const socket = connect(Number(port), hostname)
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`)
    const answer = await textOf(socket)
    expect({ path, answer }).toEqual({ path, answer: expect.stringMatching(/^HTTP\/1.1 404 /) })
    expect(answer).not.toContain('SQLite')
  }
})

test('Other methods are refused, and pages of other origins may show what lies there', async () => {
  const { origin, upload, post } = await mediaScene()
  const { url } = await upload(png(1, 1))

  const refused = await fetch(url, { method: 'DELETE' })
  expect(refused.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
  expect(await refusalOf(refused)).toMatchObject({ status: 405 })
  expect((await fetch(`${origin}/media`)).status).toBe(405)

  const preflight = await fetch(`${origin}/media`, {
    method: 'OPTIONS',
    headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
  expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization')

  const seen = await fetch(url)
  expect(seen.headers.get('access-control-allow-origin')).toBe('*')
  for (const { headers } of [preflight, seen, await post(text), await post(text, { headers: {} })]) {
    expect(headers.get('access-control-allow-credentials')).toBeNull()
  }
})
