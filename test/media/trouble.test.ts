import { readdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  type CrampedServer,
  canLimitFiles,
  canMountDisk,
  startServerOnSmallDisk,
  startServerWithLimitedFiles,
} from '../chaos/full-disk.ts'
import { requireMeans } from '../chaos/means.ts'
import { type MortalServer, startMortalServer } from '../chaos/mortal-server.ts'
import { graphql } from '../support/graphql.ts'
import { poll } from '../support/patience.ts'
import { createClient } from '../support/testkit.ts'
import { png } from './samples.ts'
import { refusalOf } from './scene.ts'

const timeout = 60_000 // ms

const registerUploader = graphql(`
  mutation RegisterUploader { register(input: { username: "tom", password: "a password" }) { accessToken } }
`)

async function signUp(server: MortalServer) {
  const client = createClient(server.url, null)
  onTestFinished(client.close)
  const { register } = await client.request(registerUploader)
  return {
    url: new URL('/media', server.url),
    method: 'POST',
    headers: { authorization: `Bearer ${register.accessToken}` },
  }
}

test('Killed in the middle of an upload, it has nothing left of it after the next start', { timeout }, async () => {
  const server = await startMortalServer()
  const { url, ...options } = await signUp(server)
  const folder = join(`${server.databasePath}.media`, 'incoming')
  const upload = request(url, options).on('error', () => {})
  upload.write(png(1, 1, 100_000))
  await poll(async () => (await readdir(folder)).length, 1)

  await server.kill()
  expect(await readdir(folder)).toHaveLength(1)
  await server.start().url

  expect(await readdir(folder)).toEqual([])
})

test('Where its process can write nothing, an upload is told so, and leaves nothing', { timeout }, async (context) => {
  requireMeans(context, canLimitFiles, 'prlimit')
  await sitOutFullDisk(await startServerWithLimitedFiles())
})

test('Where its disk is full, an upload is told so, and leaves nothing', { timeout }, async (context) => {
  requireMeans(context, canMountDisk, 'the right to mount a disk in a namespace of its own (unshare)')
  await sitOutFullDisk(await startServerOnSmallDisk())
})

async function sitOutFullDisk({ server, fillDisk, freeDisk }: CrampedServer) {
  const { url, ...options } = await signUp(server)
  const upload = () => fetch(url, { ...options, body: new Uint8Array(png(1, 1, 1_000_000)) })
  // Only the process itself may see its disk.
  const folder = `/proc/${server.process.pid}/root${server.databasePath}.media`

  await fillDisk()
  expect(await refusalOf(await upload())).toMatchObject({ status: 507, code: 'INTERNAL_SERVER_ERROR' })
  expect(await readdir(folder, { recursive: true })).toEqual(['incoming'])

  await freeDisk()
  await poll(server.ready, 200)
  expect((await upload()).status).toBe(201)
}

test('Where its folder can’t be made, it says so and doesn’t start', { timeout }, async () => {
  const server = await startMortalServer()
  await server.kill()
  await rm(`${server.databasePath}.media`, { recursive: true })
  await writeFile(`${server.databasePath}.media`, 'a file in its place')

  const { code, stderr } = await server.start().exited

  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^Can't write to the folder of uploads [^\n]+\n$/),
  })
})
