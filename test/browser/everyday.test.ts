import { expect, test } from 'vitest'
import { LONG, openBrowser } from '../support/browser.ts'
import { graphql } from '../support/graphql.ts'
import { sendDirect } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'
import { composer, shown, signIn, talkTo, write } from './person.ts'

const block = graphql(`
  mutation BlockInBrowser($id: ID!) { blockUser(input: { user: { id: $id } }) { user { id } } }
`)

const unblock = graphql(`
  mutation UnblockInBrowser($id: ID!) { unblockUser(input: { user: { id: $id } }) { user { id } } }
`)

needs('chromium')('the web client', () => {
  test('tells who is there, who types, and how much is unread', { timeout: LONG }, async () => {
    const server = await startServer()
    const [tom, jerry] = await Promise.all([server.register('tom'), server.register('jerry')])
    await jerry.request(sendDirect, { input: { to: { id: tom.id }, content: 'one' } })
    await jerry.request(sendDirect, { input: { to: { id: tom.id }, content: 'two' } })
    const browser = await openBrowser()
    const { page: toms } = await signIn(browser, server.url, tom)
    await toms.getByRole('link', { name: '2 unread' }).waitFor()
    await poll(() => toms.title(), '(2) ChatServer')

    await toms.getByRole('link', { name: /jerry/ }).click()
    await toms.getByText('New', { exact: true }).waitFor()
    await poll(() => toms.title(), 'ChatServer')

    const { page: jerrys, context } = await signIn(browser, server.url, jerry)
    await toms.getByText('online', { exact: true }).first().waitFor()
    await jerrys.getByRole('link', { name: /tom/ }).click()
    await composer(jerrys).fill('I am about to say')
    await toms.getByText('jerry is typing…').waitFor()
    await composer(jerrys).fill('')
    await toms.getByText('jerry is typing…').waitFor({ state: 'detached' })
    await context.close()
    await toms.getByText(/^last seen/).waitFor()
  })

  test('keeps what could not be sent, to be tried again', { timeout: LONG }, async () => {
    const server = await startServer()
    const [tom, jerry] = await Promise.all([server.register('tom'), server.register('jerry')])
    const { page } = await signIn(await openBrowser(), server.url, tom)
    await talkTo(page, 'jerry')
    await jerry.request(block, { id: tom.id })
    await write(page, 'Can you hear me?')
    await page.getByRole('alert').getByText('Not sent.').waitFor()
    await page.reload()
    await jerry.request(unblock, { id: tom.id })
    await page.getByRole('button', { name: 'Try again' }).click()
    await shown(page, 'Can you hear me?').getByTitle('Sent').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  test('finds messages, far back in the history too', { timeout: LONG }, async () => {
    const server = await startServer()
    const [tom, jerry] = await Promise.all([server.register('tom'), server.register('jerry')])
    const say = (content: string) => jerry.request(sendDirect, { input: { to: { id: tom.id }, content } })
    await say('the cheese is in the cellar')
    for (let number = 0; number < 130; number += 1) await say(`chatter ${number}`)
    const { page } = await signIn(await openBrowser(), server.url, tom)
    await page.getByRole('searchbox').fill('cheese')
    await page.getByRole('link', { name: /cellar/ }).click()
    await page.locator('.message:focus').getByText('the cheese is in the cellar').waitFor()
  })

  test('changes what others see of one', { timeout: LONG }, async () => {
    const server = await startServer()
    const [tom] = await Promise.all([server.register('tom'), server.register('jerry')])
    const { page } = await signIn(await openBrowser(), server.url, tom)
    await page.getByRole('button', { name: /profile and settings/ }).click()
    await page.getByLabel('Name to show').fill('Thomas')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Saved' }).waitFor()

    await page.getByRole('tab', { name: 'Account' }).click()
    await page.getByLabel('Password until now').fill(tom.password)
    await page.getByLabel('New password').fill('another password')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Changed.').waitFor()
    await page.keyboard.press('Escape')
    await talkTo(page, 'jerry')
    await write(page, 'Still here')
    await shown(page, 'Still here').filter({ hasText: 'Thomas' }).getByTitle('Sent').waitFor()
  })
})
