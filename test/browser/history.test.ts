import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { LONG, openBrowser } from '../support/browser.ts'
import { fillGroup } from '../support/bulk-messages.ts'
import { newGroup } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'
import { composer, signIn, write } from './person.ts'

const MANY = 10_000

needs('chromium')('a long history', () => {
  test(`of ${MANY} messages is scrolled to its beginning, a few at a time`, { timeout: 3 * LONG }, async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    const { createGroup } = await tom.request(newGroup, { name: 'Archive' })
    await fillGroup(server, createGroup.group, tom, MANY)
    const browser = await openBrowser()
    const { page } = await signIn(browser, server.url, tom)
    await page.getByRole('link', { name: /Archive/ }).click()
    await page.getByText(`message ${MANY}`, { exact: true }).waitFor()

    const messages = page.getByRole('region', { name: 'Messages' })
    // What is read stays where it is while older messages come in above it.
    const { promise: letThrough, resolve: release } = Promise.withResolvers<void>()
    await page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('HistoryPage')) await letThrough
      await route.continue()
    })
    const asked = page.waitForRequest((request) => request.postData()?.includes('HistoryPage') === true)
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

    const beginning = page.getByText('message 1', { exact: true })
    while (!(await beginning.isVisible())) {
      await messages.evaluate(async (element) => {
        element.scrollTop = 0
        await new Promise(requestAnimationFrame)
      })
      expect(await page.getByRole('article').count()).toBeLessThan(120)
    }

    await page.getByRole('button', { name: 'Newest' }).click()
    await page.getByText(`message ${MANY}`, { exact: true }).waitFor()
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
