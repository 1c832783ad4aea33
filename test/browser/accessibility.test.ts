import { expect, test } from 'vitest'
import { LONG, openBrowser } from '../support/browser.ts'
import { needs } from '../support/needs.ts'
import { startServer } from '../support/testkit.ts'
import { faultsOf } from './accessibility.ts'
import { shown, signIn, talkTo, tomAndJerry, write } from './person.ts'

needs('chromium')('the page', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`has no serious fault of accessibility, when it is ${colorScheme}`, { timeout: LONG }, async () => {
      const server = await startServer()
      const [tom] = await Promise.all([server.register('tom'), server.register('jerry')])
      const browser = await openBrowser()
      const { page } = await signIn(browser, server.url, tom, { colorScheme })
      expect(await faultsOf(page)).toEqual([])

      await talkTo(page, 'jerry')
      await write(page, 'Hello https://example.com')
      await shown(page, 'Hello').getByTitle('Sent').waitFor()
      await shown(page, 'Hello').hover()
      expect(await faultsOf(page)).toEqual([])

      await page.getByRole('button', { name: 'New conversation' }).click()
      for (const tab of ['A new group', 'Public groups']) {
        await page.getByRole('tab', { name: tab }).click()
        expect(await faultsOf(page)).toEqual([])
      }
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: /profile and settings/ }).click()
      for (const tab of ['Profile', 'Devices', 'Blocked', 'Account']) {
        await page.getByRole('tab', { name: tab }).click()
        expect(await faultsOf(page)).toEqual([])
      }
      await page.keyboard.press('Escape')

      const visitor = await browser.newPage({ colorScheme })
      await visitor.goto(new URL('/', server.url).href)
      await visitor.getByRole('button', { name: 'Create an account' }).click()
      expect(await faultsOf(visitor)).toEqual([])
    })
  }

  test('is used with the keyboard alone', { timeout: LONG }, async () => {
    const { tom, enter } = await tomAndJerry()
    const { page } = await enter(tom)
    await talkTo(page, 'jerry')
    await write(page, 'one')
    await write(page, 'two')
    await shown(page, 'two').getByTitle('Sent').waitFor()

    await page.getByRole('region', { name: 'Messages' }).focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    expect(await page.locator(':focus .message-text').innerText()).toContain('one')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Emoji' }).waitFor()
    await page.keyboard.press('Enter')
    await shown(page, 'one').getByRole('button', { name: '👍 1: tom' }).waitFor()
  })

  test('has the keyboard where a dialog wants to be filled in, and lets it go through the tabs', {
    timeout: LONG,
  }, async () => {
    const { tom, enter } = await tomAndJerry()
    const { page } = await enter(tom)
    const begin = page.getByRole('button', { name: 'New conversation' })
    await begin.press('Enter')
    const focus = page.locator(':focus')
    await page.getByLabel('With whom?').and(focus).waitFor()
    await page.keyboard.press('Shift+Tab')
    for (const tab of ['A new group', 'Public groups', 'A person']) {
      await page.keyboard.press('ArrowRight')
      await page.getByRole('tab', { name: tab, selected: true }).and(focus).waitFor()
    }
    await page.keyboard.press('Escape')
    await begin.and(focus).waitFor()
  })
})
