import { expect, test } from 'vitest'
import { LONG, openBrowser } from '../support/browser.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'
import { faultsOf } from './accessibility.ts'
import { composer, shown, signIn, talkTo, write } from './person.ts'

needs('chromium')('emoji', () => {
  test('are found by name and left on a message, and the latest are offered first', { timeout: LONG }, async () => {
    const server = await startServer()
    const [tom] = await Promise.all([server.register('tom'), server.register('jerry')])
    const { page, faults } = await signIn(await openBrowser(), server.url, tom)
    await talkTo(page, 'jerry')
    await write(page, 'Cheese?')
    const message = shown(page, 'Cheese?')
    await message.getByTitle('Sent').waitFor()
    const search = page.getByRole('combobox', { name: 'Search emoji' })
    const openAll = async () => {
      await message.hover()
      await message.getByRole('button', { name: 'React' }).click()
      await page.getByRole('button', { name: 'More emoji' }).click()
    }

    await openAll()
    await page.getByRole('gridcell', { name: 'grinning face', exact: true }).waitFor()
    await search.fill('cheese')
    await page.getByText(/^\d+ found$/).waitFor()
    await search.press('Enter')
    await message.getByRole('button', { name: '🧀 1: tom' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)

    await openAll()
    await page.getByRole('row', { name: 'Recently used' }).waitFor()
    await search.press('ArrowDown')
    await poll(() => search.evaluate((input) => input.ariaActiveDescendantElement?.ariaLabel), 'cheese wedge')
    await search.press('ArrowDown')
    await search.press('ArrowRight')
    const second = page.getByRole('gridcell', { name: 'grinning face with big eyes' })
    await poll(() => second.getAttribute('aria-selected'), 'true')
    await search.fill('no such thing')
    await page.getByText('None is called that.').waitFor()
    await search.fill('')
    await search.press('Escape')
    await search.waitFor({ state: 'detached' })
    expect(faults).toEqual([])
  })

  test('go into the text where the caret is, in the tone of skin that is liked', { timeout: LONG }, async () => {
    const server = await startServer()
    const [tom] = await Promise.all([server.register('tom'), server.register('jerry')])
    const { page } = await signIn(await openBrowser(), server.url, tom)
    await talkTo(page, 'jerry')
    await composer(page).fill('Hello !')
    await composer(page).press('ArrowLeft')
    await page.getByRole('button', { name: 'Emoji', exact: true }).click()
    await page.getByRole('combobox', { name: 'Skin tone' }).selectOption({ index: 3 })
    await page.getByRole('button', { name: 'People & Body' }).click()
    await page.getByRole('gridcell', { name: 'waving hand' }).click()
    await poll(() => composer(page).inputValue(), 'Hello 👋🏽!')
    await page.keyboard.type('there')
    await composer(page).press('Enter')
    await shown(page, 'Hello 👋🏽there!').getByTitle('Sent').waitFor()

    await page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('The device is full.', 'QuotaExceededError')
      }
    })
    await page.getByRole('button', { name: 'Emoji', exact: true }).click()
    await page.getByRole('gridcell', { name: 'waving hand' }).first().click()
    await poll(() => composer(page).inputValue(), '👋🏽')
  })

  test('that can’t be loaded are asked for again', { timeout: LONG }, async () => {
    const server = await startServer()
    const [tom] = await Promise.all([server.register('tom'), server.register('jerry')])
    const { page } = await signIn(await openBrowser(), server.url, tom)
    await talkTo(page, 'jerry')
    await page.route('**/assets/*', (route) => route.abort())
    await page.getByRole('button', { name: 'Emoji', exact: true }).click()
    await page.getByText('The emoji could not be loaded.').waitFor()
    await page.unroute('**/assets/*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('gridcell', { name: 'grinning face', exact: true }).waitFor()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`are offered without a serious fault of accessibility, when it is ${colorScheme}`, {
      timeout: LONG,
    }, async () => {
      const server = await startServer()
      const [tom] = await Promise.all([server.register('tom'), server.register('jerry')])
      const { page } = await signIn(await openBrowser(), server.url, tom, { colorScheme })
      await talkTo(page, 'jerry')
      await write(page, 'Hello')
      await shown(page, 'Hello').getByTitle('Sent').waitFor()
      await shown(page, 'Hello').hover()
      await shown(page, 'Hello').getByRole('button', { name: 'React' }).click()
      expect(await faultsOf(page)).toEqual([])
      await page.getByRole('button', { name: 'More emoji' }).click()
      await page.getByRole('gridcell', { name: 'grinning face', exact: true }).waitFor()
      await page.getByRole('combobox', { name: 'Search emoji' }).press('ArrowDown')
      expect(await faultsOf(page)).toEqual([])
    })
  }
})
