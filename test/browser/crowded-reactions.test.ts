import { test } from 'vitest'
import { decodeId } from '../../src/ids.ts'
import { addReaction, removeReaction } from '../reaction/operations.ts'
import { reactionScene } from '../reaction/scene.ts'
import { LONG, openBrowser } from '../support/browser.ts'
import { needs } from '../support/needs.ts'
import type { TestServer } from '../support/testkit.ts'
import { shown, signIn } from './person.ts'

needs('chromium')('a reaction that many have left', () => {
  test('stays known for one’s own, though one is not among those listed', { timeout: LONG }, async () => {
    const { server, tom, jerry, messageId, react } = await reactionScene()
    await react(jerry, '❤️')
    await addCrowd(server, messageId, 60)
    await react(tom, '👍')
    const { page } = await signIn(await openBrowser(), server.url, tom)
    await page.getByRole('link', { name: /House/ }).click()
    const message = shown(page, 'Cheese?')
    const thumbs = (count: number, pressed: boolean) =>
      message.getByRole('button', { name: `👍 ${count}:`, pressed }).waitFor()
    await thumbs(61, true)

    await react(jerry, '👍')
    await thumbs(62, true)
    // Each takes another place in the list.
    await jerry.request(removeReaction, { messageId, emoji: '❤️' })
    await message.getByRole('button', { name: /^❤️/ }).waitFor({ state: 'detached' })
    await react(jerry, '🎉')
    await message.getByRole('button', { name: '🎉 1: jerry', pressed: false }).waitFor()
    await thumbs(62, true)

    await message.getByRole('button', { name: /^👍/ }).click()
    await thumbs(61, false)
    await jerry.request(removeReaction, { messageId, emoji: '👍' })
    await thumbs(60, false)
    await message.getByRole('button', { name: /^👍/ }).click()
    await thumbs(61, true)
    // What one leaves elsewhere is seen where it is listed.
    await tom.request(addReaction, { messageId, emoji: '🎉' })
    await message.getByRole('button', { name: '🎉 2: jerry, tom', pressed: true }).waitFor()
  })
})

/** Has many users leave a 👍 on a message, in the database itself. */
async function addCrowd({ app }: TestServer, message: string, count: number): Promise<void> {
  const messageId = decodeId(message, 'Message', 'id')
  const names = Array.from({ length: count }, (_, number) => `crowd-${number}`)
  await app.services.database.write(async (tx) => {
    const { position } = await tx.log.findUniqueOrThrow({ where: { id: 1 } })
    await tx.user.createMany({
      data: names.map((name) => ({
        id: name,
        username: name,
        usernameKey: name,
        displayName: name,
        createdAt: new Date(),
      })),
    })
    await tx.reaction.createMany({ data: names.map((userId) => ({ messageId, userId, emoji: '👍', position })) })
  })
}
