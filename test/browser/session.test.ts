import { expect, test } from 'vitest'
import { LONG, openBrowser } from '../support/browser.ts'
import { graphql } from '../support/graphql.ts'
import { needs } from '../support/needs.ts'
import { startServer } from '../support/testkit.ts'
import { shown, signIn, talkTo, write } from './person.ts'

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

  test('is shared by the tabs, goes on over reloads in all of them, and ends in all of them', {
    timeout: LONG,
  }, async () => {
    const server = await startServer()
    const [tom] = await Promise.all([server.register('tom'), server.register('jerry')])
    const { page, context, faults } = await signIn(await openBrowser(), server.url, tom)
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
