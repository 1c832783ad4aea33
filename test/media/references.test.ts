import mime from 'mime'
import { expect, test } from 'vitest'
import { MEDIA_TYPES } from '../../src/media/media-types.ts'
import { createGroup, deleteGroup, updateGroup } from '../group/operations.ts'
import { deleteMessage, newGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { deleteAccount, updateProfile } from '../user/operations.ts'
import { jpeg, mp4, png, text } from './samples.ts'
import { type MediaScene, mediaScene } from './scene.ts'

const DAY = 86_400_000 // ms

/** Sweeps as if so many days had gone by. @returns how many files went */
function sweepAfter({ app }: MediaScene, days: number): Promise<number> {
  return app.services.media.sweep(new Date(Date.now() + days * DAY + 1_000))
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url)
  await response.body?.cancel()
  return response.status
}

test('A message with an upload gets its kind from it', async () => {
  const scene = await mediaScene()
  await scene.register('jerry')

  for (const [file, kind] of [
    [png(1, 1), 'IMAGE'],
    [jpeg(1, 1), 'IMAGE'],
    [mp4(), 'VIDEO'],
    [text, 'FILE'],
  ] as const) {
    const { url } = await scene.upload(file)
    const input = { to: { username: 'jerry' }, mediaUrl: url }
    const { sendDirectMessage } = await scene.tom.request(sendDirect, { input })
    expect(sendDirectMessage.message).toMatchObject({ kind, mediaUrl: url })
  }
})

test.each(Object.values(MEDIA_TYPES))('%s is of the same kind as its file ending %s', (type, extension) => {
  const kindOf = (name: string | null) => /^(image|video|audio)\//.exec(name ?? '')?.[1]
  expect(kindOf(mime.getType(`x.${extension}`))).toBe(kindOf(type))
})

test('What nothing refers to goes after a day, row and file; more of it than one step of the sweep takes', async () => {
  const scene = await mediaScene()
  const { url } = await scene.upload(png(1, 1))
  const { database } = scene.app.services
  const [media] = await database.read.media.findMany()
  if (!media) throw new Error('There is no row')
  const others = Array.from({ length: 250 }, (_, index) => ({ ...media, id: index.toString(16).padStart(32, '0') }))
  await database.write((tx) => tx.media.createMany({ data: others }))

  expect(await scene.app.services.media.sweep()).toBe(0)
  expect(await statusOf(url)).toBe(200)
  expect(await sweepAfter(scene, 1)).toBe(251)

  expect(await statusOf(url)).toBe(404)
  expect(await scene.filesOnDisk()).toEqual([])
  expect(await database.read.media.count()).toBe(0)
})

test('What a message shows stays until the message is deleted, and then goes with the next sweep', async () => {
  const scene = await mediaScene()
  await scene.register('jerry')
  const { url } = await scene.upload(png(1, 1))
  const send = async (mediaUrl: string) => {
    const { sendDirectMessage } = await scene.tom.request(sendDirect, {
      input: { to: { username: 'jerry' }, mediaUrl },
    })
    return { messageId: sendDirectMessage.message.id }
  }
  const [first, second] = [await send(url), await send(url.replace('127.0.0.1', 'another.name'))]

  expect(await sweepAfter(scene, 1)).toBe(0)
  await scene.tom.request(deleteMessage, first)
  expect(await sweepAfter(scene, 2)).toBe(0)
  expect(await statusOf(url)).toBe(200)

  await scene.tom.request(deleteMessage, second)
  expect(await scene.app.services.media.sweep()).toBe(1)
  expect(await statusOf(url)).toBe(404)
})

test('What was shown in a group goes when the group does', async () => {
  const scene = await mediaScene()
  const { url: mediaUrl } = await scene.upload(png(1, 1))
  const { url: avatarUrl } = await scene.upload(png(1, 1))
  const { createGroup: made } = await scene.tom.request(createGroup, { input: { name: 'House', avatarUrl } })
  const { id } = made.group
  await scene.tom.request(sendToGroup, { input: { groupId: id, mediaUrl } })

  expect(await sweepAfter(scene, 1)).toBe(0)
  await scene.tom.request(deleteGroup, { groupId: id })
  expect(await sweepAfter(scene, 2)).toBe(2)
})

test('Pictures of groups and people stay until they have others', async () => {
  const scene = await mediaScene()
  const [{ url: old }, { url: groups }, { url: toms }] = [
    await scene.upload(png(1, 1)),
    await scene.upload(png(2, 2)),
    await scene.upload(png(3, 3)),
  ]
  const { createGroup } = await scene.tom.request(newGroup, { name: 'House' })
  const picture = (avatarUrl: string) =>
    scene.tom.request(updateGroup, { input: { groupId: createGroup.group.id, avatarUrl } })
  await picture(old)
  await picture(groups)
  await scene.tom.request(updateProfile, { input: { avatarUrl: toms } })

  expect(await sweepAfter(scene, 1)).toBe(1)
  expect(await Promise.all([old, groups, toms].map(statusOf))).toEqual([404, 200, 200])
  await scene.tom.request(deleteAccount, { password: scene.tom.password })
  expect(await sweepAfter(scene, 2)).toBe(2)
})

test('What is being removed can’t be referred to any more, and is gone after the next sweep', async () => {
  const scene = await mediaScene()
  const { url } = await scene.upload(png(1, 1))
  const { database } = scene.app.services
  // As it is where the process dies in the middle of a sweep.
  await database.write((tx) => tx.media.updateMany({ data: { removedAt: new Date() } }))

  expect(await statusOf(url)).toBe(404)
  await scene.tom.request(updateProfile, { input: { avatarUrl: url } })
  expect(await sweepAfter(scene, 1)).toBe(1)
  expect(await scene.filesOnDisk()).toEqual([])
})
