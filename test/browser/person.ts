import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { type BrowserPage, openBrowser, openPage } from '../support/browser.ts'
import { startServer, type TestSettings, type TestUser } from '../support/testkit.ts'

export interface BrowserUser extends BrowserPage {
  context: BrowserContext
}

/**
 * A server with two users, and a browser.
 * @returns with `enter`, which signs one of them in, as often as wanted
 */
export async function tomAndJerry(settings: TestSettings = {}) {
  const server = await startServer(settings)
  const [tom, jerry] = await Promise.all([server.register('tom'), server.register('jerry')])
  const browser = await openBrowser()
  const enter = (user: TestUser, options: BrowserContextOptions = {}) => signIn(browser, server.url, user, options)
  return { server, tom, jerry, browser, enter }
}

/**
 * Somebody signed in, in a browser profile of his own.
 * @param url where the server takes operations
 */
export async function signIn(
  browser: Browser,
  url: string,
  { username, password }: { username: string; password: string },
  options: BrowserContextOptions = {},
): Promise<BrowserUser> {
  const { page, faults } = await openPage(browser, options)
  await page.goto(new URL('/', url).href)
  await page.getByLabel('Username or email').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor()
  return { page, context: page.context(), faults }
}

/** Opens what the viewer can settle about himself. */
export async function openSettings(page: Page, tab: 'Profile' | 'Devices' | 'Blocked' | 'Account'): Promise<void> {
  await page.getByRole('button', { name: /profile and settings/ }).click()
  await page.getByRole('tab', { name: tab }).click()
}

/** In a group's dialog: presses what can be done about a member. */
export async function manage(page: Page, name: string, action: string): Promise<void> {
  const more = page.getByRole('button', { name: `What to do about ${name}` })
  if ((await more.getAttribute('aria-expanded')) === 'false') await more.click()
  await page.getByRole('dialog').getByRole('button', { name: action }).click()
}

/** Opens the conversation with somebody, who may be a stranger. */
export async function talkTo(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New conversation' }).click()
  await page.getByLabel('With whom?').fill(name)
  await page.getByRole('button', { name }).first().click()
  await composer(page).waitFor()
}

export function composer(page: Page) {
  return page.getByRole('textbox', { name: /^Message to / })
}

export async function write(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}

/** The messages with this text that are shown. */
export function shown(page: Page, text: string) {
  return page.getByRole('article').filter({ hasText: text })
}

/** What the messages in sight say, from the top. */
export function textsOf(page: Page): Promise<string[]> {
  return page
    .getByRole('article')
    .locator('.message-text')
    .evaluateAll((texts) =>
      texts.map((text) =>
        [...text.childNodes]
          .filter(({ nodeName }) => nodeName !== 'SPAN')
          .map((node) => node.textContent)
          .join(''),
      ),
    )
}

/** Has a page take itself for looked at or not: in a browser without a window, each does. */
export async function look(page: Page, isLookedAt: boolean): Promise<void> {
  await page.evaluate((has) => {
    document.hasFocus = () => has
    window.dispatchEvent(new Event('focus'))
  }, isLookedAt)
}
