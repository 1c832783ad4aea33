import { createSecretKey } from 'node:crypto'
import { parse } from 'content-disposition'
import { decodeJwt, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { logout } from '../auth/operations.ts'
import { FORBIDDEN, jpeg, mp4, png, text } from './samples.ts'
import { mediaScene, refusalOf } from './scene.ts'

test.each([
  ['a PNG', png(640, 480), 'image/png', 'png', { width: 640, height: 480 }],
  ['a JPEG', jpeg(1_024, 768), 'image/jpeg', 'jpg', { width: 1_024, height: 768 }],
  ['a film', mp4(), 'video/mp4', 'mp4', { width: null, height: null }],
  ['a text', text, 'text/plain', 'txt', { width: null, height: null }],
  ['a text that begins as a program does', Buffer.from('MZ, said the cat'), 'text/plain', 'txt', {}],
])('%s comes back as it was sent', async (_what, file, type, extension, sides) => {
  const { origin, upload } = await mediaScene()

  const uploaded = await upload(file)

  expect(uploaded).toMatchObject({ type, size: file.length, name: `file.${extension}`, ...sides })
  expect(uploaded.url).toMatch(new RegExp(`^${origin}/media/[0-9a-f]{32}\\.${extension}$`))
  const response = await fetch(uploaded.url)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')?.split(';')[0]).toBe(type)
  expect(Buffer.from(await response.arrayBuffer())).toEqual(file)
})

test('What is of a forbidden type is refused, whatever it calls itself, and leaves nothing', async () => {
  const { tom, post, filesOnDisk } = await mediaScene()
  const headers = { authorization: `Bearer ${tom.accessToken}`, 'content-type': 'image/png' }

  for (const [what, file] of FORBIDDEN) {
    const response = await post(file, { query: '?name=cat.png', headers })
    expect({ what, ...(await refusalOf(response)) }).toMatchObject({
      what,
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
    })
  }
  expect(await filesOnDisk()).toEqual([])
})

test('An image whose header is cut short or absurd is taken without its sides', async () => {
  const { upload } = await mediaScene()

  for (const file of [png(0, 5), png(2 ** 32 - 1, 5), jpeg(0, 0), jpeg(7, 7).subarray(0, 25)]) {
    expect(await upload(file)).toMatchObject({ width: null, height: null })
  }
})

test('An empty body is no file', async () => {
  const { post, filesOnDisk } = await mediaScene()

  expect(await refusalOf(await post(Buffer.alloc(0)))).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' })
  expect(await filesOnDisk()).toEqual([])
})

test('What is too big is refused, and leaves nothing, whether or not it tells its length', async () => {
  const { post, upload, filesOnDisk } = await mediaScene({ limits: { mediaBytes: 100_000 } })
  const tooBig = png(1, 1, 100_001)

  expect(await refusalOf(await post(tooBig))).toMatchObject({ status: 413, code: 'REQUEST_ENTITY_TOO_LARGE' })
  const untold = await post(new Blob([new Uint8Array(tooBig)]).stream())
  expect(await refusalOf(untold)).toMatchObject({ status: 413, code: 'REQUEST_ENTITY_TOO_LARGE' })

  expect(await filesOnDisk()).toEqual([])
  expect(await upload(png(1, 1, 100_000))).toMatchObject({ size: 100_000 })
})

test('Who is refused before he has sent everything can send the rest, and reads why', async () => {
  const { post, filesOnDisk } = await mediaScene({ limits: { uploadsPerUser: 0 } })
  const sent = png(1, 1, 5_000_000)

  const refused = await post(new Blob([new Uint8Array(sent)]).stream())

  expect(await refusalOf(refused)).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
  expect(refused.headers.get('connection')).toBe('close')
  expect(await filesOnDisk()).toEqual([])
})

test('Whoever isn’t signed in uploads nothing', async () => {
  const jwtSecret = 'a secret of at least 32 characters'
  const { tom, post, filesOnDisk } = await mediaScene({ jwtSecret })
  const expired = await new SignJWT({ ...decodeJwt(tom.accessToken), exp: Math.floor(Date.now() / 1_000) - 1 })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(createSecretKey(jwtSecret, 'utf8'))
  await tom.request(logout)

  for (const authorization of ['', 'Bearer', 'Bearer nonsense', `Bearer ${expired}`, `Bearer ${tom.accessToken}`]) {
    const response = await post(png(1, 1), { headers: { authorization } })
    expect(await refusalOf(response)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  }
  expect((await post(png(1, 1), { headers: {} })).status).toBe(401)
  expect(await filesOnDisk()).toEqual([])
})

test('A name can do no harm, and tells the type', async () => {
  const { upload, filesOnDisk } = await mediaScene()

  for (const [given, name] of [
    ['../../etc/passwd', 'passwd.png'],
    ['C:\\Windows\\cat.png', 'cat.png'],
    ['..', 'file.png'],
    ['.htaccess', 'htaccess.png'],
    ['cat.html', 'cat.html.png'],
    ['gnp.\u202eexe', 'gnp.exe.png'],
    ['a\r\nset-cookie: x="y"\0.png', 'aset-cookie x=y.png'],
    ['Käse 🧀.PNG', 'Käse 🧀.PNG'],
    ['x'.repeat(300), `${'x'.repeat(100)}.png`],
  ] as const) {
    const uploaded = await upload(png(1, 1), given)
    expect(uploaded.name).toBe(name)
    const { headers } = await fetch(uploaded.url)
    expect(headers.get('set-cookie')).toBeNull()
    expect(parse(headers.get('content-disposition') ?? '')).toMatchObject({
      type: 'inline',
      parameters: { filename: name },
    })
  }
  for (const file of await filesOnDisk()) expect(file).toMatch(/^[0-9a-f]{32}$/)
})

test('The name may come as a form would send it', async () => {
  const { tom, post } = await mediaScene()
  const authorization = `Bearer ${tom.accessToken}`

  for (const [disposition, name] of [
    ['attachment; filename="cheese.png"', 'cheese.png'],
    [`form-data; filename*=UTF-8''K%C3%A4se.png`, 'Käse.png'],
    ['; nonsense=', 'file.png'],
  ] as const) {
    const response = await post(png(1, 1), { headers: { authorization, 'content-disposition': disposition } })
    expect(await response.json()).toMatchObject({ name })
  }
})

test('The URL begins with PUBLIC_URL where that is set', async () => {
  const { upload } = await mediaScene({ publicUrl: 'https://chat.example.com/here' })

  expect((await upload(png(1, 1))).url).toMatch(/^https:\/\/chat\.example\.com\/here\/media\/[0-9a-f]{32}\.png$/)
})
