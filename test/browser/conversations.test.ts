import { expect, test } from 'vitest'
import { LONG } from '../support/browser.ts'
import { graphql } from '../support/graphql.ts'
import { newGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import type { TestServer } from '../support/testkit.ts'
import { composer, look, shown, tomAndJerry } from './person.ts'

const markRead = graphql(`
  mutation MarkReadElsewhere($input: MarkReadInput!) { markRead(input: $input) { conversation { id } } }
`)

const SOME = 60 // more than a page of the list

needs('chromium')('the list of conversations', () => {
  test('counts what comes in one that is muted, but not in the title', { timeout: LONG }, async () => {
    const { tom, jerry, enter } = await tomAndJerry()
    const say = (content: string) => jerry.request(sendDirect, { input: { to: { id: tom.id }, content } })
    await say('first')
    const { page } = await enter(tom)
    const link = page.getByRole('link', { name: /jerry/ })
    await link.click()
    await page.getByRole('button', { name: 'Mute', exact: true }).click()
    await page.getByRole('button', { name: 'Unmute' }).waitFor()
    await link.getByTitle('Muted').waitFor()
    await page.reload()
    await link.getByTitle('Muted').waitFor()
    await page.evaluate(() => location.replace('#/'))
    await page.getByText('Pick a conversation').waitFor()
    await say('second')
    await link.getByText('1 unread').waitFor()
    expect(await page.title()).toBe('ChatServer')

    await link.click()
    await page.getByRole('button', { name: 'Unmute' }).click()
    await link.getByTitle('Muted').waitFor({ state: 'detached' })
    await page.evaluate(() => location.replace('#/'))
    await say('third')
    await poll(() => page.title(), '(1) ChatServer')
  })

  test('learns what was read elsewhere in a group too large to be told, once it is looked at', {
    timeout: LONG,
  }, async () => {
    const { server, tom, jerry, enter } = await tomAndJerry()
    const memberIds = [tom.id, ...(await addCrowd(server, 100))]
    const { createGroup } = await jerry.request(newGroup, { name: 'Crowd', memberIds })
    const { id: groupId } = createGroup.group
    const { sendGroupMessage } = await jerry.request(sendToGroup, { input: { groupId, content: 'Hello all' } })
    const { page } = await enter(tom)
    await page.getByRole('link', { name: /Crowd/ }).getByText('1 unread').waitFor()
    await look(page, false)
    await tom.request(markRead, { input: { conversationId: groupId, upToSeq: sendGroupMessage.message.seq } })
    await look(page, true)
    await page.getByText('1 unread').waitFor({ state: 'detached' })
  })

  test('goes on as one scrolls, and people far down in it are found by their name', { timeout: LONG }, async () => {
    const { server, tom, enter } = await tomAndJerry()
    const ids = await addCrowd(server, SOME)
    for (const id of ids) await tom.request(sendDirect, { input: { to: { id }, content: 'Hello' } })
    const { page } = await enter(tom)
    const search = page.getByRole('searchbox')
    await page.getByText('Show more').waitFor()
    await page.keyboard.press('Control+k')
    await search.pressSequentially('crowd-00')
    await page.getByRole('navigation', { name: 'Search results' }).getByRole('link', { name: 'crowd-00' }).waitFor()
    await search.press('ArrowDown')
    await page.keyboard.press('Enter')
    await shown(page, 'Hello').waitFor()

    await page.getByText('Show more').scrollIntoViewIfNeeded()
    await poll(() => page.getByRole('link', { name: /crowd-/ }).count(), SOME)
  })

  test('is what the way back leads to, and an address that is none says so', { timeout: LONG }, async () => {
    const { server, tom, jerry, enter } = await tomAndJerry()
    await jerry.request(sendDirect, { input: { to: { id: tom.id }, content: 'Hello' } })
    const { page, faults } = await enter(tom, { viewport: { width: 390, height: 844 } })
    await page.getByRole('link', { name: /jerry/ }).click()
    await page.getByRole('button', { name: 'Back to the conversations' }).click()
    await page.goBack()
    expect(await composer(page).count()).toBe(0)
    await page.getByRole('link', { name: /jerry/ }).waitFor()

    for (const [address, notice] of [
      ['#/c/nothing', 'There is no such conversation'],
      ['#/u/nobody', 'There is no such user.'],
      ['#/u/%E0%A4', 'There is no such user.'],
    ] as const) {
      await page.goto(new URL(`/${address}`, server.url).href)
      await page.getByText(notice).waitFor()
    }
    expect(faults).toEqual([])
  })
})

/** Users who are there to be many. @returns their ids */
async function addCrowd({ app }: TestServer, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `crowd-${String(index).padStart(2, '0')}`)
  const createdAt = new Date()
  await app.services.database.write((tx) =>
    tx.user.createMany({
      data: names.map((name) => ({
        id: name,
        username: name,
        usernameKey: name,
        displayName: name,
        nameKey: name,
        createdAt,
      })),
    }),
  )
  return names.map((name) => Buffer.from(`User:${name}`).toString('base64url'))
}
