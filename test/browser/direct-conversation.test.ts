import { expect, test } from 'vitest'
import { LONG, openBrowser } from '../support/browser.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'
import { shown, signIn, talkTo, write } from './person.ts'

needs('chromium')('two people in two browsers', () => {
  test('talk directly', { timeout: LONG }, async () => {
    const server = await startServer()
    const [tom, jerry] = await Promise.all([server.register('tom'), server.register('jerry')])
    const browser = await openBrowser()
    const toms = await signIn(browser, server.url, tom)
    const jerrys = await signIn(browser, server.url, jerry)

    await talkTo(toms.page, 'jerry')
    await write(toms.page, 'Hello, Jerry')
    await shown(toms.page, 'Hello, Jerry').waitFor()

    await jerrys.page.getByRole('link', { name: /tom/ }).click()
    await shown(jerrys.page, 'Hello, Jerry').waitFor()
    await write(jerrys.page, 'Hello, Tom')
    await shown(toms.page, 'Hello, Tom').waitFor()
    await toms.page.getByTitle('Read').waitFor()
    await poll(() => shown(toms.page, 'Hello').count(), 2)

    expect([...toms.faults, ...jerrys.faults]).toEqual([])
  })
})
