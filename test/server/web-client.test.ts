import { mkdir, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { loadWebClient } from '../../src/server/web-client.ts'
import { startServer, temporaryFolder } from '../support/testkit.ts'

const WEB_CLIENT = join(import.meta.dirname, '../../web/dist')
const FIRST_LOAD = 150_000 // bytes

test('the page at / comes with a policy that keeps everything foreign out, and is asked for anew each time', async () => {
  const { url } = await startServer()
  const response = await fetch(new URL('/', url))
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-cache')
  const policy = response.headers.get('content-security-policy')?.split('; ')
  expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "connect-src 'self'"]))
  expect(await response.text()).toContain('<div id="root">')
})

test('what the page loads first is small, compressed as the browser likes it, and may be kept for good', async () => {
  const { url } = await startServer()
  const page = await fetch(new URL('/', url)).then((response) => response.text())
  const paths = [...page.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
  expect(paths.map((path) => path.split('.').at(-1)).toSorted()).toEqual(['css', 'js'])

  for (const [encoding, decompress] of [
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const) {
    let size = 0
    for (const path of paths) {
      const { headers, body } = await getRaw(new URL(path, url), { 'accept-encoding': encoding })
      expect(headers).toMatchObject({ 'content-encoding': encoding, vary: 'accept-encoding' })
      expect(headers['cache-control']).toContain('immutable')
      expect(headers['content-type']).toMatch(/^text\/(javascript|css); charset=utf-8$/)
      expect(decompress(body).length).toBeGreaterThan(body.length)
      size += body.length
    }
    expect(size).toBeLessThan(FIRST_LOAD)
  }
})

test('who can decompress nothing gets the files as they are', async () => {
  const { url } = await startServer()
  const { headers, body } = await getRaw(new URL('/', url), { 'accept-encoding': 'br;q=0, identity' })
  expect(headers['content-encoding']).toBeUndefined()
  expect(String(body)).toContain('<!doctype html>')
})

test('only what was built is served, and only read', async () => {
  const { url } = await startServer()
  for (const path of ['/../package.json', '/%2e%2e/package.json', '/assets/../../package.json', '/index.html.br']) {
    const { status } = await getRaw(new URL(url), {}, path)
    expect(status, path).toBe(404)
  }
  const { status } = await fetch(new URL('/', url), { method: 'POST' })
  expect(status).toBe(405)
})

test('a folder without a page is no web client', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'assets/app.js'), '')
  expect(await loadWebClient(folder)).toBeNull()
  expect(await loadWebClient(join(folder, 'nowhere'))).toBeNull()
  expect(await loadWebClient(WEB_CLIENT)).not.toBeNull()
})

interface Raw {
  status: number | undefined
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** The answer as it comes over the wire. @param path sent as it is, dots included */
function getRaw(url: URL, headers: Record<string, string>, path = url.pathname): Promise<Raw> {
  return new Promise((resolve, reject) => {
    request({ host: url.hostname, port: url.port, path, headers }, (response) => {
      response
        .toArray()
        .then(
          (chunks) => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
          reject,
        )
    })
      .on('error', reject)
      .end()
  })
}
