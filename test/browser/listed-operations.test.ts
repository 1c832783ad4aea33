import { expect, test } from 'vitest'
import { LONG, openBrowser } from '../support/browser.ts'
import { fillGroup } from '../support/bulk-messages.ts'
import { lockServer } from '../support/locked-server.ts'
import { newGroup } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { startServer } from '../support/testkit.ts'
import { shown, signIn, talkTo, write } from './person.ts'

needs('chromium')('where listed operations alone run', () => {
  test('everything on the page goes on', { timeout: 2 * LONG }, async () => {
    const open = await startServer()
    const [tom, jerry] = await Promise.all([open.register('tom'), open.register('jerry')])
    const { createGroup } = await tom.request(newGroup, { name: 'Archive' })
    await tom.request(newGroup, { name: 'Open house', visibility: 'PUBLIC' })
    await fillGroup(open, createGroup.group, tom, 150)
    const server = await lockServer(open)
    const browser = await openBrowser()
    const [{ page: toms }, { page: jerrys }] = await Promise.all([
      signIn(browser, server.url, tom),
      signIn(browser, server.url, jerry),
    ])

    await talkTo(toms, 'jerry')
    await jerrys.getByRole('button', { name: 'New conversation' }).click()
    await jerrys.getByRole('tab', { name: 'Public groups' }).click()
    await jerrys.getByText('Open house').waitFor()
    await jerrys.keyboard.press('Escape')
    await write(toms, 'Hello, Jerry')
    await jerrys.getByRole('link', { name: /Hello, Jerry/ }).click()
    const greeting = shown(jerrys, 'Hello, Jerry')
    await greeting.hover()
    await greeting.getByRole('button', { name: 'React' }).click()
    await greeting.getByRole('button', { name: 'party popper' }).click()
    await shown(toms, 'Hello, Jerry').getByRole('button', { name: '🎉 1: jerry' }).waitFor()
    await shown(toms, 'Hello, Jerry').getByTitle('Read').waitFor()

    await toms.getByRole('link', { name: /Archive/ }).click()
    await shown(toms, 'message 150').waitFor()
    await toms.getByRole('region', { name: 'Messages' }).hover()
    const beginning = toms.getByText('message 1', { exact: true })
    while (!(await beginning.isVisible())) await toms.mouse.wheel(0, -500)
    await toms.getByRole('button', { name: 'About this group' }).click()
    await toms.getByText('1 member').first().waitFor()
    await toms.keyboard.press('Escape')
    await toms.getByRole('searchbox').fill('hello')
    await toms.getByRole('link', { name: /Hello, Jerry/ }).click()

    await jerrys.getByRole('button', { name: /profile and settings/ }).click()
    await jerrys.getByLabel('Name to show').fill('Jerome')
    await jerrys.getByRole('button', { name: 'Save' }).click()
    await jerrys.getByRole('button', { name: 'Saved' }).waitFor()
    await jerrys.reload()
    await jerrys.getByRole('button', { name: /^Jerome : profile/ }).click()
    await jerrys.getByRole('button', { name: 'Sign out' }).click()
    await jerrys.getByRole('heading', { name: 'Sign in' }).waitFor()

    const asked = await server.requireListed()
    expect(asked.size).toBeGreaterThan(20)
    expect(asked).toEqual(asked.union(new Set(['Activity', 'HistoryPage', 'Inbox', 'Presence', 'React', 'Refresh'])))
  })
})
