import { expect, test } from 'vitest'
import { LONG, openBrowser } from '../support/browser.ts'
import { graphql } from '../support/graphql.ts'
import { sendDirect } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'
import { composer, look, shown, signIn, talkTo, tomAndJerry, write } from './person.ts'

const block = graphql(`
  mutation BlockInBrowser($id: ID!) { blockUser(input: { user: { id: $id } }) { user { id } } }
`)

const unblock = graphql(`
  mutation UnblockInBrowser($id: ID!) { unblockUser(input: { user: { id: $id } }) { user { id } } }
`)

needs('chromium')('the web client', () => {
  test('tells who is there, who types, and how much is unread', { timeout: LONG }, async () => {
    const { tom, jerry, enter } = await tomAndJerry()
    await jerry.request(sendDirect, { input: { to: { id: tom.id }, content: 'one' } })
    await jerry.request(sendDirect, { input: { to: { id: tom.id }, content: 'two' } })
    const { page: toms } = await enter(tom)
    await toms.getByRole('link', { name: '2 unread' }).waitFor()
    await poll(() => toms.title(), '(2) ChatServer')

    await toms.getByRole('link', { name: /jerry/ }).click()
    await toms.getByText('New', { exact: true }).waitFor()
    await poll(() => toms.title(), 'ChatServer')

    const { page: jerrys, context } = await enter(jerry)
    await toms.getByText('online', { exact: true }).first().waitFor()
    await jerrys.getByRole('link', { name: /tom/ }).click()
    await composer(jerrys).fill('I am about to say')
    await toms.getByText('jerry is typing…').waitFor()
    await composer(jerrys).fill('')
    await toms.getByText('jerry is typing…').waitFor({ state: 'detached' })
    await context.close()
    await toms.getByText(/^last seen/).waitFor()
  })

  test('hears of what is read in another tab, or on another device', { timeout: LONG }, async () => {
    const { tom, jerry, enter } = await tomAndJerry()
    await jerry.request(sendDirect, { input: { to: { id: tom.id }, content: 'one' } })
    const { page } = await enter(tom)
    await poll(() => page.title(), '(1) ChatServer')
    const { page: elsewhere } = await enter(tom)
    await elsewhere.getByRole('link', { name: /jerry/ }).click()
    await poll(() => page.title(), 'ChatServer')
    await jerry.request(sendDirect, { input: { to: { id: tom.id }, content: 'two' } })
    await shown(elsewhere, 'two').waitFor()
    await poll(() => page.title(), 'ChatServer')
  })

  test('shows nothing of another conversation while one is loaded', { timeout: LONG }, async () => {
    const server = await startServer()
    const [tom, jerry, spike] = await Promise.all(['tom', 'jerry', 'spike'].map((name) => server.register(name)))
    for (const user of [jerry, spike]) {
      await user?.request(sendDirect, { input: { to: { id: tom?.id ?? '' }, content: 'Hello' } })
    }
    if (!tom) return
    const { page } = await signIn(await openBrowser(), server.url, tom)
    await page.getByRole('link', { name: /jerry/ }).click()
    await page.getByRole('textbox', { name: 'Message to jerry' }).waitFor()
    const { promise: letThrough, resolve: release } = Promise.withResolvers<void>()
    await page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('OpenConversation')) await letThrough
      await route.continue()
    })
    await page.getByRole('link', { name: /spike/ }).click()
    await page.getByRole('textbox', { name: 'Message to jerry' }).waitFor({ state: 'detached' })
    release()
    await page.getByRole('textbox', { name: 'Message to spike' }).waitFor()
  })

  test('gives notice of a message where no tab is looked at', { timeout: LONG }, async () => {
    const { tom, jerry, enter } = await tomAndJerry()
    const { page, context } = await enter(tom, { permissions: ['notifications'] })
    const other = await context.newPage()
    for (const tab of [page, other]) await tab.addInitScript(noteNotices)
    await Promise.all([page.reload(), other.goto(page.url())])
    await Promise.all([page, other].map((tab) => tab.getByText('No conversations yet').waitFor()))

    await look(other, false)
    await look(page, true)
    await jerry.request(sendDirect, { input: { to: { id: tom.id }, content: 'in sight' } })
    for (const tab of [page, other]) await tab.getByText('in sight').first().waitFor()
    await look(page, false)
    await jerry.request(sendDirect, { input: { to: { id: tom.id }, content: 'out of sight' } })
    await poll(() => other.evaluate(() => window.notices.join()), 'jerry: out of sight')
  })

  test('keeps what could not be sent, to be tried again', { timeout: LONG }, async () => {
    const { tom, jerry, enter } = await tomAndJerry()
    const { page } = await enter(tom)
    await talkTo(page, 'jerry')
    await jerry.request(block, { id: tom.id })
    await write(page, 'Can you hear me?')
    await page.getByRole('alert').getByText('Not sent.').waitFor()
    await page.reload()
    await jerry.request(unblock, { id: tom.id })
    await write(page, 'Can you hear me?')
    const sent = shown(page, 'Can you hear me?').getByTitle('Sent')
    await sent.waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await sent.nth(1).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  test('finds messages, far back in the history too', { timeout: LONG }, async () => {
    const { tom, jerry, enter } = await tomAndJerry()
    const say = (content: string) => jerry.request(sendDirect, { input: { to: { id: tom.id }, content } })
    await say('the cheese is in the cellar')
    for (let number = 0; number < 130; number += 1) await say(`chatter ${number}`)
    const { page } = await enter(tom)
    await page.getByRole('searchbox').fill('cheese')
    await page.getByRole('link', { name: /cellar/ }).click()
    await page.locator('.message:focus').getByText('the cheese is in the cellar').waitFor()
  })

  test('changes what others see of one', { timeout: LONG }, async () => {
    const { tom, enter } = await tomAndJerry()
    const { page } = await enter(tom)
    await page.getByRole('button', { name: /profile and settings/ }).click()
    await page.getByLabel('Name to show').fill('Thomas')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Saved' }).waitFor()
    await page.keyboard.press('Escape')
    await talkTo(page, 'jerry')
    await write(page, 'Still here')
    await shown(page, 'Still here').filter({ hasText: 'Thomas' }).getByTitle('Sent').waitFor()
  })
})

declare global {
  interface Window {
    notices: string[]
  }
}

/** In the page: notes what a desktop would show. */
function noteNotices(): void {
  window.notices = []
  window.Notification = class {
    static permission = 'granted'
    constructor(title: string, { body }: NotificationOptions) {
      window.notices.push(`${title}: ${body}`)
    }
  } as unknown as typeof Notification
}
