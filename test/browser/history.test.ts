import type { Locator, Page, Request } from 'playwright-core'
import { expect, test } from 'vitest'
import { markRead } from '../conversation/operations.ts'
import { LONG, openBrowser } from '../support/browser.ts'
import { fillGroup } from '../support/bulk-messages.ts'
import { editMessage, groupHistory, newGroup, sendToGroup } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startServer, type TestUser } from '../support/testkit.ts'
import { composer, shown, signIn, write } from './person.ts'

const MANY = 100_000
const MIDDLE = MANY / 2

needs('chromium')('a long history', () => {
  test(`of ${MANY} messages is read from any place in it`, { timeout: 3 * LONG }, async () => {
    const server = await startServer()
    const [tom, jerry] = await Promise.all([server.register('tom'), server.register('jerry')])
    const { group } = (await tom.request(newGroup, { name: 'Archive', memberIds: [jerry.id] })).createGroup
    await fillGroup(server, group, tom, MANY)
    const lastSeq = (await messageAt(jerry, group.id, MANY + 10))?.seq ?? 0
    const middle = await messageAt(tom, group.id, lastSeq - MANY + MIDDLE)
    await tom.request(editMessage, { messageId: middle?.id ?? '', content: `message ${MIDDLE} found` })
    await jerry.request(markRead, { conversationId: group.id, upToSeq: lastSeq })
    const { page } = await signIn(await openBrowser(), server.url, jerry)
    const messages = page.getByRole('region', { name: 'Messages' })
    let pagesAsked = 0
    page.on('request', (request) => {
      if (isForHistory(request)) pagesAsked += 1
    })

    await page.goto(new URL(`/#/c/${group.id}/${lastSeq - MANY + 1}`, server.url).href)
    await insistOnFocus(page, 1)

    await page.getByRole('searchbox').fill('found')
    const hit = page.getByRole('navigation', { name: 'Search results' }).getByRole('link')
    await hit.click()
    await insistOnFocus(page, MIDDLE)

    const back = await readOn(messages, MIDDLE - 600, -200)
    const forth = await readOn(messages, MIDDLE + 600, 200)
    for (const { numbers, rows, height, jumps } of [back, forth]) {
      expect(numbers).toEqual(Array.from(numbers, (_, index) => (numbers[0] ?? 0) + index))
      expect(rows).toBeLessThan(120)
      expect(height).toBeLessThan(MOST_LOADED * ESTIMATED_HEIGHT)
      expect(jumps).toEqual([])
    }

    await tom.request(sendToGroup, { input: { groupId: group.id, content: 'the newest' } })
    const newest = page.getByRole('button', { name: 'Newest 1 unread' })
    await newest.waitFor()
    expect(await messages.getByText('the newest').count()).toBe(0)

    await hit.click()
    await insistOnFocus(page, MIDDLE)

    await newest.click()
    await messages.getByText('the newest').waitFor()
    await page.waitForFunction(() => document.title === 'ChatServer')
    await tom.request(sendToGroup, { input: { groupId: group.id, content: 'the very newest' } })
    await messages.getByText('the very newest').waitFor()

    // What can't be loaded at once comes later, and what one writes leads to the end from anywhere.
    let isDown = true
    await page.route('**/graphql', (route) => {
      if (!isDown || !isForHistory(route.request())) return route.continue()
      isDown = false
      return route.abort()
    })
    await hit.click()
    await insistOnFocus(page, MIDDLE)
    expect(isDown).toBe(false)
    await write(page, 'mine')
    await shown(page, 'mine').getByTitle('Sent').waitFor()
    await messages.getByText('the very newest').waitFor()
    expect(pagesAsked).toBeLessThan(100)
  })

  test('stays where it is read while more comes in above', { timeout: LONG }, async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    const { createGroup } = await tom.request(newGroup, { name: 'Archive' })
    await fillGroup(server, createGroup.group, tom, 1_000)
    const { page } = await signIn(await openBrowser(), server.url, tom)
    await page.getByRole('link', { name: /Archive/ }).click()
    await page.getByText('message 1000', { exact: true }).waitFor()

    const messages = page.getByRole('region', { name: 'Messages' })
    const { promise: letThrough, resolve: release } = Promise.withResolvers<void>()
    await page.route('**/graphql', async (route) => {
      if (isForHistory(route.request())) await letThrough
      await route.continue()
    })
    const asked = page.waitForRequest(isForHistory)
    await messages.evaluate((element) => element.scrollTo(0, 300))
    await asked
    const place = page.getByRole('article').nth(15)
    const read = page.getByText(await place.locator('.message-text').innerText(), { exact: true })
    const before = await settledTop(read)
    const height = await messages.evaluate(({ scrollHeight }) => scrollHeight)
    release()
    await poll(async () => (await messages.evaluate(({ scrollHeight }) => scrollHeight)) > height + 1_000, true)
    const after = await settledTop(read)
    expect(Math.abs(after - before)).toBeLessThan(5)
  })

  test('is not read by who comes to a place above its end', { timeout: LONG }, async () => {
    const server = await startServer()
    const [tom, jerry] = await Promise.all([server.register('tom'), server.register('jerry')])
    const { group } = (await tom.request(newGroup, { name: 'Archive', memberIds: [jerry.id] })).createGroup
    await fillGroup(server, group, tom, 100)
    const lastSeq = (await messageAt(jerry, group.id, 1_000))?.seq ?? 0
    const { page } = await signIn(await openBrowser(), server.url, jerry)
    await page.setViewportSize({ width: 1280, height: 400 })
    let marks = 0
    page.on('request', (request) => {
      if (request.postData()?.includes('MarkRead')) marks += 1
    })
    await page.goto(new URL(`/#/c/${group.id}/${lastSeq - 25}`, server.url).href)
    await insistOnFocus(page, 75)
    expect(marks).toBe(0)
    await page.getByRole('button', { name: /^Newest .* unread/ }).click()
    await page
      .getByRole('link', { name: /Archive/ })
      .getByText('unread')
      .waitFor({ state: 'detached' })
    expect(marks).toBe(1)
  })

  test('keeps what one is about to do with a message while many more come', { timeout: LONG }, async () => {
    const server = await startServer()
    const [tom, jerry] = await Promise.all([server.register('tom'), server.register('jerry')])
    const { group } = (await tom.request(newGroup, { name: 'Archive', memberIds: [jerry.id] })).createGroup
    await fillGroup(server, group, tom, 40)
    const { page } = await signIn(await openBrowser(), server.url, tom)
    await page.getByRole('link', { name: /Archive/ }).click()
    const message = shown(page, 'message 40')
    await message.hover()
    await message.getByRole('button', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete this message?' })
    await dialog.waitFor()

    for (let number = 1; number <= 60; number += 1) {
      await jerry.request(sendToGroup, { input: { groupId: group.id, content: `another ${number}` } })
    }
    await page.getByText('another 60', { exact: true }).waitFor()
    await poll(() => page.getByText('another 10', { exact: true }).count(), 0)
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText('Message deleted').waitFor()
  })

  test('tells that what one writes far above its end is kept while there is no connection', {
    timeout: LONG,
  }, async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    const { group } = (await tom.request(newGroup, { name: 'Archive' })).createGroup
    await fillGroup(server, group, tom, 1_000)
    const middle = (await messageAt(tom, group.id, 500))?.seq
    const { page } = await signIn(await openBrowser(), server.url, tom)
    await page.goto(new URL(`/#/c/${group.id}/${middle}`, server.url).href)
    await page.locator('.message:focus').waitFor()
    await page.getByRole('button', { name: 'Newest' }).waitFor()

    await page.route('**/graphql', (route) => route.abort())
    await write(page, 'mine')
    await page.getByRole('alert').getByText('will be sent as soon as there is a connection').waitFor()
    await page.unroute('**/graphql')
    await shown(page, 'mine').waitFor()
    await page.getByTitle('Being sent').waitFor({ state: 'detached' })
  })

  test('goes to its end with what one writes, and stays there while its room gets less', {
    timeout: LONG,
  }, async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    const { createGroup } = await tom.request(newGroup, { name: 'Archive' })
    await fillGroup(server, createGroup.group, tom, 40)
    const { page } = await signIn(await openBrowser(), server.url, tom)
    await page.getByRole('link', { name: /Archive/ }).click()
    await page.getByText('message 40', { exact: true }).waitFor()
    const messages = page.getByRole('region', { name: 'Messages' })
    await messages.evaluate((element) => element.scrollTo(0, 0))
    await page.getByRole('button', { name: 'Newest' }).waitFor()

    await write(page, 'the newest')
    const newest = page.getByText('the newest', { exact: true })
    await newest.waitFor()
    await composer(page).fill('one\ntwo\nthree\nfour')
    await page.setViewportSize({ width: 1280, height: 400 })
    await poll(
      () => messages.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 5),
      true,
    )
    await newest.waitFor()
  })
})

const STILL = 10 // frames

/** Where it comes to rest, once the rows about it have been measured. */
async function settledTop(locator: Locator): Promise<number> {
  return locator.evaluate(async (element, frames) => {
    let top = Number.NaN
    for (let still = 0; still < frames; ) {
      await new Promise(requestAnimationFrame)
      const now = element.getBoundingClientRect().top
      still = now === top ? still + 1 : 0
      top = now
    }
    return top
  }, STILL)
}

const MOST_LOADED = 400 // messages
const ESTIMATED_HEIGHT = 46 // px, of what has not been in sight; what has been is lower here

/** Scrolls by steps of so many px until a message comes. @returns what came by */
function readOn(messages: Locator, until: number, step: number) {
  return messages.evaluate(
    async (element, { until, step }) => {
      const numbers = new Set<number>()
      const [most, jumps] = [{ rows: 0, height: 0 }, [] as number[]]
      while (!numbers.has(until)) {
        const texts = [...element.querySelectorAll('.message-text')]
        for (const { firstChild } of texts) numbers.add(Number.parseInt(firstChild?.textContent?.slice(8) ?? '', 10))
        most.rows = Math.max(most.rows, texts.length)
        most.height = Math.max(most.height, element.scrollHeight)
        const read = texts[Math.floor(texts.length / 2)]
        const top = read?.getBoundingClientRect().top ?? 0
        element.scrollTop += step
        await new Promise(requestAnimationFrame)
        // Nothing at all at an end, until more has come.
        const moved = top - (read?.getBoundingClientRect().top ?? 0)
        if (read?.isConnected && (moved / step < -0.01 || moved / step > 1.01)) jumps.push(moved)
      }
      return { ...most, jumps, numbers: [...numbers].sort((a, b) => a - b) }
    },
    { until, step },
  )
}

/** Waits until a message has come into sight, and into focus. */
async function insistOnFocus(page: Page, number: number): Promise<void> {
  const message = page.getByRole('article').filter({ hasText: new RegExp(`message ${number}(?!\\d)`) })
  const focused = message.and(page.locator(':focus'))
  await focused.waitFor()
  const [row, list] = await Promise.all([
    focused.boundingBox(),
    page.getByRole('region', { name: 'Messages' }).boundingBox(),
  ])
  expect(row?.y).toBeGreaterThanOrEqual(list?.y ?? Infinity)
  expect((row?.y ?? 0) + (row?.height ?? 0)).toBeLessThanOrEqual((list?.y ?? 0) + (list?.height ?? 0))
}

async function messageAt(who: TestUser, groupId: string, seq: number) {
  const { group } = await who.request(groupHistory, { id: groupId, around: seq, first: 1 })
  return group?.messages.edges[0]?.node
}

function isForHistory(request: Request): boolean {
  return request.postData()?.includes('HistoryPage') === true
}
