import { expect, test } from 'vitest'
import { filesOf, mediaScene, refusalOf } from './scene.ts'

const TEXT = Buffer.from('x'.repeat(1_000))

test('One user keeps so many bytes, and others as many', async () => {
  const { post, upload, register, filesOnDisk } = await mediaScene({ limits: { mediaBytesPerUser: 2_500 } })
  await upload(TEXT)
  await upload(TEXT)
  const refused = await refusalOf(await post(TEXT))
  expect(refused).toMatchObject({ status: 413, code: 'REQUEST_ENTITY_TOO_LARGE' })
  expect(refused.message).toMatch(/2\.5 kB of uploads, and 2 kB are\. Delete/)
  await upload(TEXT.subarray(500))
  expect(await filesOnDisk()).toHaveLength(3)

  const jerry = await register('jerry')
  expect((await post(TEXT, { headers: { authorization: `Bearer ${jerry.accessToken}` } })).status).toBe(201)
})

test('Many at once are no way around, and those refused leave nothing', async () => {
  const scene = await mediaScene({ limits: { mediaBytesPerUser: 3_000, uploadsPerUser: 20 } })
  const answers = await Promise.all(Array.from({ length: 20 }, () => scene.post(TEXT)))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(3).fill(201), ...Array(17).fill(413)])
  expect(await filesOf(scene)).toHaveLength(3)
})

test('What nothing shows makes room again', async () => {
  const { app, post, upload } = await mediaScene({ limits: { mediaBytesPerUser: 1_000 } })
  await upload(TEXT)
  expect((await post(TEXT)).status).toBe(413)
  await app.services.media.sweep(new Date(Date.now() + 2 * 86_400_000))
  await upload(TEXT)
})

test('A network is refused so often for want of a token, and then for that', async () => {
  const { post } = await mediaScene({ rates: { anonymous: { points: 3, duration: 3_600_000 } } })
  const statuses = []
  for (const authorization of ['', 'Bearer of.no.token', 'Bearer another.one']) {
    statuses.push((await post(TEXT, { headers: { authorization } })).status)
  }
  expect(statuses).toEqual([401, 401, 429])
  expect((await post(TEXT)).status).toBe(201)
})

test('One user uploads so often', async () => {
  const { post } = await mediaScene({ rates: { upload: { points: 2, duration: 3_600_000 } } })
  expect((await post(TEXT)).status).toBe(201)
  expect((await post(Buffer.alloc(0))).status).toBe(400)
  const refused = await post(TEXT)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000)
  expect(await refusalOf(refused)).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
})
