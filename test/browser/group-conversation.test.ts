import { expect, test } from 'vitest'
import { LONG } from '../support/browser.ts'
import { newGroup } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { composer, manage, shown, textsOf, tomAndJerry, write } from './person.ts'

needs('chromium')('a group', () => {
  test('is made, talked in with replies and reactions, edited, deleted from, and left', { timeout: LONG }, async () => {
    const { tom, jerry, enter } = await tomAndJerry()
    const { page: toms } = await enter(tom)
    const { page: jerrys } = await enter(jerry)

    await toms.getByRole('button', { name: 'New conversation' }).click()
    await toms.getByRole('tab', { name: 'A new group' }).click()
    await toms.getByLabel('Name', { exact: true }).fill('Cheese lovers')
    await toms.getByLabel('Add members').fill('jerry')
    await toms.getByRole('button', { name: '@jerry' }).click()
    await toms.getByRole('button', { name: 'Create group' }).click()
    await toms.getByRole('heading', { name: 'Cheese lovers', level: 2 }).waitFor()

    await jerrys.getByRole('link', { name: /Cheese lovers/ }).click()
    await write(jerrys, 'Hello everybody')
    const greeting = shown(toms, 'Hello everybody')
    await greeting.hover()
    await greeting.getByRole('button', { name: 'Reply' }).click()
    await write(toms, 'Hello yourself')
    const answer = shown(jerrys, 'Hello yourself')
    await answer.getByRole('button', { name: 'jerry Hello everybody' }).waitFor()

    await answer.hover()
    await answer.getByRole('button', { name: 'React' }).click()
    await jerrys.getByRole('button', { name: 'party popper' }).click()
    await shown(toms, 'Hello yourself').getByRole('button', { name: '🎉 1: jerry' }).waitFor()

    await composer(jerrys).press('ArrowUp')
    await poll(() => composer(jerrys).inputValue(), 'Hello everybody')
    await write(jerrys, 'Hello all')
    await shown(toms, 'Hello all').getByText('edited').waitFor()

    await shown(jerrys, 'Hello all').first().hover()
    await shown(jerrys, 'Hello all').first().getByRole('button', { name: 'Delete' }).click()
    await jerrys.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await shown(toms, 'Message deleted').first().waitFor()
    expect(await textsOf(toms)).toEqual(['Hello yourself'])

    await jerrys.getByRole('button', { name: 'About this group' }).click()
    await jerrys.getByRole('button', { name: 'Leave the group…' }).click()
    await jerrys.getByRole('button', { name: 'Yes, leave the group' }).click()
    await jerrys.getByText('No conversations yet').waitFor()
    await toms.getByText('1 member').waitFor()
  })

  test('that is public is found and joined, and goes from the page of who is put out', { timeout: LONG }, async () => {
    const { tom, jerry, enter } = await tomAndJerry()
    await tom.request(newGroup, { name: 'Open house', visibility: 'PUBLIC' })
    const { page: toms } = await enter(tom)
    const { page: jerrys } = await enter(jerry)

    await jerrys.getByRole('button', { name: 'New conversation' }).click()
    await jerrys.getByRole('tab', { name: 'Public groups' }).click()
    await jerrys.getByRole('button', { name: 'Join' }).click()
    await write(jerrys, 'Anybody home?')

    await toms.getByRole('link', { name: /Open house/ }).click()
    await shown(toms, 'Anybody home?').waitFor()
    await toms.getByRole('button', { name: 'About this group' }).click()
    await manage(toms, 'jerry', 'Ban…')
    await toms.getByRole('button', { name: 'Yes, remove for good' }).click()
    await toms.getByRole('heading', { name: 'Banned' }).waitFor()
    await jerrys.getByText('you are no longer in it').waitFor()
    await jerrys.getByText('No conversations yet').waitFor()
  })
})
