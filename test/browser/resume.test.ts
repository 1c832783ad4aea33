import { expect, test } from 'vitest'
import { LONG } from '../support/browser.ts'
import { startFlakyProxy } from '../support/flaky-proxy.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'
import { composer, shown, signIn, talkTo, textsOf, tomAndJerry, write } from './person.ts'

needs('chromium')('a page that was cut off', () => {
  test('shows what was said meanwhile, and sends what was written, each once and in order', {
    timeout: LONG,
  }, async () => {
    const { server, tom, jerry, browser, enter } = await tomAndJerry()
    const line = await startFlakyProxy(server.url)
    const toms = await signIn(browser, line.url, tom)
    const jerrys = await enter(jerry)
    await talkTo(toms.page, 'jerry')
    await write(toms.page, 'before')
    await jerrys.page.getByRole('link', { name: /tom/ }).click()
    await shown(jerrys.page, 'before').waitFor()

    line.part()
    await toms.page.getByText('Not connected').waitFor()
    await write(jerrys.page, 'meanwhile')
    await shown(jerrys.page, 'meanwhile').waitFor()
    await write(toms.page, 'from afar')
    await toms.page.getByTitle('Being sent').waitFor()

    line.mend()
    await shown(jerrys.page, 'from afar').waitFor()
    await shown(toms.page, 'meanwhile').waitFor()
    await toms.page.getByTitle('Being sent').waitFor({ state: 'detached' })
    await toms.page.getByText('Not connected').waitFor({ state: 'detached' })
    for (const { page } of [toms, jerrys]) expect(await textsOf(page)).toEqual(['before', 'meanwhile', 'from afar'])
  })

  test('goes on with a server that was restarted, and with what was written before', { timeout: LONG }, async () => {
    const { server, tom, jerry, enter } = await tomAndJerry()
    const toms = await enter(tom)
    const jerrys = await enter(jerry)
    await talkTo(toms.page, 'jerry')
    await write(toms.page, 'before')
    await jerrys.page.getByRole('link', { name: /tom/ }).click()
    await shown(jerrys.page, 'before').waitFor()

    await server.stop()
    await write(toms.page, 'while it was away')
    await toms.page.getByTitle('Being sent').waitFor()
    await startServer({ databaseUrl: server.databaseUrl, port: Number(new URL(server.url).port) })

    await shown(jerrys.page, 'while it was away').waitFor()
    await write(jerrys.page, 'after')
    await shown(toms.page, 'after').waitFor()
    for (const { page } of [toms, jerrys]) expect(await textsOf(page)).toEqual(['before', 'while it was away', 'after'])
  })

  test('keeps what each of its tabs has to send', { timeout: LONG }, async () => {
    const { tom, enter } = await tomAndJerry()
    const { page, context } = await enter(tom)
    await talkTo(page, 'jerry')
    const other = await context.newPage()
    await other.goto(page.url())
    await composer(other).waitFor()
    // Requests that are held up instead would go through as the other tab is closed.
    await context.setOffline(true)
    for (const [tab, text] of [
      [page, 'from one tab'],
      [other, 'from the other'],
    ] as const) {
      await write(tab, text)
      await shown(tab, text).getByTitle('Being sent').waitFor()
    }
    await other.close()
    await context.setOffline(false)
    await page.reload()
    await shown(page, 'from the other').getByTitle('Sent').waitFor()
    await shown(page, 'from one tab').getByTitle('Sent').waitFor()
    expect(await textsOf(page)).toEqual(['from one tab', 'from the other'])
  })

  test('tells of a change that could not be made, and keeps its text', { timeout: LONG }, async () => {
    const { tom, enter } = await tomAndJerry()
    const { page } = await enter(tom)
    await talkTo(page, 'jerry')
    await write(page, 'a mistace')
    await shown(page, 'a mistace').getByTitle('Sent').waitFor()
    await page.route('**/graphql', (route) => route.abort())
    await composer(page).press('ArrowUp')
    await poll(() => composer(page).inputValue(), 'a mistace')
    await write(page, 'a mistake')
    await page.getByRole('alert').getByText('That was not done.').waitFor()
    await poll(() => composer(page).inputValue(), 'a mistake')

    await page.unroute('**/graphql')
    await composer(page).press('Enter')
    await shown(page, 'a mistake').getByText('edited').waitFor()
    await page.getByRole('alert').getByText('That was not done.').waitFor({ state: 'detached' })
  })

  test('keeps what was begun, and what is still to be sent, over a reload', { timeout: LONG }, async () => {
    const { server, tom, browser } = await tomAndJerry()
    const line = await startFlakyProxy(server.url)
    const { page } = await signIn(browser, line.url, tom)
    await talkTo(page, 'jerry')
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('SendToUser') ? route.abort() : route.continue(),
    )
    await write(page, 'on its way')
    await page.getByTitle('Being sent').waitFor()
    await page.getByRole('textbox', { name: /^Message to / }).fill('only begun')
    await page.unroute('**/graphql')
    await page.reload()
    await shown(page, 'on its way').waitFor()
    await page.getByTitle('Being sent').waitFor({ state: 'detached' })
    expect(await textsOf(page)).toEqual(['on its way'])
    expect(await page.getByRole('textbox', { name: /^Message to / }).inputValue()).toBe('only begun')
  })

  test('comes up by itself where there was no server when it was loaded', { timeout: LONG }, async () => {
    const { tom, enter } = await tomAndJerry()
    const { page } = await enter(tom)
    await talkTo(page, 'jerry')
    await write(page, 'before')
    await shown(page, 'before').getByTitle('Sent').waitFor()
    await page.getByRole('link', { name: /jerry/ }).click()

    await page.route('**/graphql', (route) => route.abort())
    await page.reload()
    await page.getByText('Not connected').waitFor()
    await page.unroute('**/graphql')
    await shown(page, 'before').waitFor()
    await page.getByRole('link', { name: /jerry/ }).waitFor()
    await page.getByText('Not connected').waitFor({ state: 'detached' })
  })
})
