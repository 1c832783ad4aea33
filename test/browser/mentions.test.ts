import { expect, test } from 'vitest'
import { LONG, openBrowser } from '../support/browser.ts'
import { newGroup } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'
import { updateProfile } from '../user/operations.ts'
import { faultsOf } from './accessibility.ts'
import { composer, shown, signIn, talkTo } from './person.ts'

/** Tom’s page with a group open, in which jerry, jerome and Zoë are, and jester isn’t. */
async function startHouse(colorScheme: 'light' | 'dark' = 'light') {
  const server = await startServer()
  const names = ['tom', 'jerry', 'jerome', 'zoe', 'jester'] as const
  const [tom, jerry, jerome, zoe] = await Promise.all(names.map((name) => server.register(name)))
  if (!tom || !jerry || !jerome || !zoe) throw new Error('Somebody is missing.')
  await zoe.request(updateProfile, { input: { displayName: 'Zoë Jérôme' } })
  await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id, jerome.id, zoe.id] })
  const { page, faults } = await signIn(await openBrowser(), server.url, tom, { colorScheme })
  await page.getByRole('link', { name: /The house/ }).click()
  await composer(page).waitFor()
  const offered = page.getByRole('listbox', { name: 'Members to mention' })
  const selected = () => offered.getByRole('option', { selected: true }).innerText()
  return { page, faults, offered, selected }
}

needs('chromium')('an @ in a group', () => {
  test('offers the members who are called so, to be taken with the keyboard', { timeout: LONG }, async () => {
    const { page, faults, offered, selected } = await startHouse()
    await composer(page).pressSequentially('Hello @je')
    await poll(async () => (await offered.getByRole('option').allInnerTexts()).length, 3)
    expect(await offered.getByText('jester').count()).toBe(0)
    const first = await selected()
    await composer(page).press('ArrowDown')
    await poll(async () => (await selected()) !== first, true)
    await composer(page).press('ArrowUp')
    await poll(selected, first)

    await composer(page).pressSequentially('rr')
    await poll(async () => (await offered.getByRole('option').allInnerTexts()).length, 1)
    await composer(page).press('Tab')
    await poll(() => composer(page).inputValue(), 'Hello @jerry ')
    await composer(page).pressSequentially('and @Jér')
    await offered.getByText('@zoe').waitFor()
    await offered.getByText('@zoe').click()
    await composer(page).pressSequentially('!')
    await composer(page).press('Enter')
    const message = shown(page, 'Hello @jerry and @zoe !')
    await message.getByTitle('Sent').waitFor()
    expect(await message.locator('mark').allInnerTexts()).toEqual(['@jerry', '@zoe'])
    expect(faults).toEqual([])
  })

  test('is left alone after Escape, within a word, and between two people', { timeout: LONG }, async () => {
    const { page, offered } = await startHouse()
    await composer(page).pressSequentially('mail me@jerry or @jer')
    await offered.waitFor()
    await composer(page).press('Escape')
    await offered.waitFor({ state: 'detached' })
    await composer(page).press('Enter')
    await shown(page, 'mail me@jerry or @jer').getByTitle('Sent').waitFor()
    await composer(page).pressSequentially('mail me@jer')
    expect(await offered.count()).toBe(0)

    await talkTo(page, 'jerry')
    await composer(page).pressSequentially('@jerry')
    await composer(page).press('Enter')
    await shown(page, '@jerry').getByTitle('Sent').waitFor()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`has no serious fault of accessibility, when it is ${colorScheme}`, { timeout: LONG }, async () => {
      const { page, offered } = await startHouse(colorScheme)
      await composer(page).pressSequentially('@je')
      await offered.waitFor()
      expect(await faultsOf(page)).toEqual([])
    })
  }
})
