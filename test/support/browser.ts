import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { foundOrThrow } from './needs.ts'

export const LONG = 90_000 // ms that a test in browsers may take

const PATIENCE = 60_000 // ms; only a test that fails waits that long

/** A window of a browser of its own, and what went wrong in it. */
export interface BrowserPage {
  page: Page
  /** Errors in the console, violations of the page's policy among them, and what nobody caught. */
  faults: string[]
}

const QUIET = [
  'disable-gpu',
  'disable-quic',
  'no-first-run',
  'disable-background-networking',
  'disable-component-update',
  'disable-sync',
]

/** Opens a page, with a profile of its own; gone from the running test's end on. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserPage> {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], ...options })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE)
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(String(error)))
  return { page, faults }
}

/** Starts Chromium, without a window; it ends with the running test. */
export async function openBrowser(): Promise<Browser> {
  const args = QUIET.map((name) => `--${name}`)
  const browser = await chromium.launch({ executablePath: foundOrThrow('chromium'), args, chromiumSandbox: false })
  onTestFinished(() => browser.close())
  return browser
}
