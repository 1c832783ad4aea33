import { expect, test } from 'vitest'
import { LONG, openBrowser } from '../support/browser.ts'
import { graphql } from '../support/graphql.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'
import { shown, talkTo, tomAndJerry, write } from './person.ts'

const signOutEverywhere = graphql(`
  mutation SignOutEverywhereElse { logoutEverywhere { ok } }
`)

needs('chromium')('a session', () => {
  test('begins with an account made on the page, or a password that is right', { timeout: LONG }, async () => {
    const server = await startServer()
    const page = await (await openBrowser()).newPage()
    await page.goto(new URL('/', server.url).href)
    await page.getByRole('button', { name: 'Create an account' }).click()
    await page.getByLabel('Username').fill('tom')
    await page.getByLabel('Name to show').fill('Tom Cat')
    await page.getByLabel('Password').fill('password123')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('button', { name: /Tom Cat/ }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.getByRole('status').count()).toBe(0)

    await page.getByLabel('Username or email').fill('tom')
    await page.getByLabel('Password').fill('not my password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page
      .getByRole('alert')
      .getByText(/password/)
      .waitFor()
    await page.getByLabel('Password').fill('password123')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Tom Cat' }).waitFor()
  })

  test('is not to be had under a name that is taken, which is said beside it', { timeout: LONG }, async () => {
    const { server, browser } = await tomAndJerry()
    const page = await browser.newPage()
    await page.goto(new URL('/', server.url).href)
    await page.getByRole('button', { name: 'Create an account' }).click()
    const username = page.getByLabel('Username')
    await username.fill('JERRY')
    await page.getByLabel('Password').fill('password123')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('alert').getByText('This username is taken.').waitFor()
    await poll(() => username.evaluate((field) => field === document.activeElement), true)
    await page.keyboard.type('jerry2')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'jerry2' }).waitFor()
  })

  test('is shared by the tabs, goes on over reloads in all of them, and ends in all of them', {
    timeout: LONG,
  }, async () => {
    const { server, tom, enter } = await tomAndJerry()
    const { page, context, faults } = await enter(tom)
    const tabs = [page, await context.newPage(), await context.newPage()]
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(tabs.map((tab) => tab.goto(new URL('/', server.url).href)))
      await Promise.all(tabs.map((tab) => tab.getByText('No conversations yet').waitFor()))
    }
    const [, second] = tabs
    if (second) await talkTo(second, 'jerry')
    if (second) await write(second, 'Hello')
    await page.getByRole('link', { name: /jerry/ }).click()
    await shown(page, 'Hello').waitFor()

    const elsewhere = await server.login(tom)
    await elsewhere.request(signOutEverywhere)
    await Promise.all(tabs.map((tab) => tab.getByRole('heading', { name: 'Sign in' }).waitFor()))
    await Promise.any(tabs.map((tab) => tab.getByText('Your session here has ended.').waitFor()))
    expect(faults).toEqual([])
  })
})
