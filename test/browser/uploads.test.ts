import { expect, test } from 'vitest'
import { LONG, openBrowser } from '../support/browser.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'
import { shown, signIn, talkTo, write } from './person.ts'

const FILE = { name: 'cheese.txt', mimeType: 'text/plain', buffer: Buffer.from('Emmental') }

async function startWithTom(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(options)
  const [tom] = await Promise.all(['tom', 'jerry', 'spike'].map((name) => server.register(name)))
  if (!tom) throw new Error('Tom is missing.')
  const { page, faults } = await signIn(await openBrowser(), server.url, tom)
  await talkTo(page, 'jerry')
  return { page, faults, files: page.getByRole('list', { name: 'Files to send' }) }
}

needs('chromium')('an upload', () => {
  test('goes on, and stays with its draft, while another conversation is open', { timeout: LONG }, async () => {
    const { page, files, faults } = await startWithTom()
    const { promise: letThrough, resolve: release } = Promise.withResolvers<void>()
    await page.route('**/media?*', async (route) => {
      await letThrough
      await route.continue()
    })
    await page.locator('.composer input[type=file]').setInputFiles(FILE)
    await files.getByRole('progressbar').waitFor()
    await talkTo(page, 'spike')
    expect(await files.count()).toBe(0)
    release()
    await talkTo(page, 'jerry')
    await files.getByText('cheese.txt').waitFor()
    await files.getByRole('progressbar').waitFor({ state: 'detached' })
    await write(page, 'Have some')
    await shown(page, 'Have some').getByRole('link', { name: 'File' }).waitFor()
    expect(faults).toEqual([])
  })

  test('that is removed ends at once', { timeout: LONG }, async () => {
    const { page, files } = await startWithTom()
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const { promise: ended, resolve: end } = Promise.withResolvers<string>()
    await page.route('**/media?*', () => begin())
    page.on('requestfailed', (request) => end(request.url()))
    await page.locator('.composer input[type=file]').setInputFiles(FILE)
    await begun
    await files.getByRole('button', { name: 'Remove cheese.txt' }).click()
    expect(await ended).toContain('/media?')
    await files.waitFor({ state: 'detached' })
  })

  test('that is too large is refused in words that help', { timeout: LONG }, async () => {
    const { page, files } = await startWithTom({ limits: { mediaBytes: 2_500 } })
    const large = { ...FILE, buffer: Buffer.alloc(3_000, 'x') }
    await page.locator('.composer input[type=file]').setInputFiles(large)
    await files.getByRole('alert').getByText('A file may have at most 2.5 kB: send a smaller one.').waitFor()
    expect(await files.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  })

  test('that breaks is tried again, and of many each comes through', { timeout: LONG }, async () => {
    const { page, files } = await startWithTom()
    await page.route('**/media?*', (route) => route.abort())
    await page.locator('.composer input[type=file]').setInputFiles(FILE)
    await files.getByText('The server can’t be reached.').waitFor()
    await page.unroute('**/media?*')
    await files.getByRole('button', { name: 'Try again' }).click()
    await files.getByRole('alert').waitFor({ state: 'detached' })

    const many = Array.from({ length: 8 }, (_, number) => ({ ...FILE, name: `${number}.txt` }))
    await page.locator('.composer input[type=file]').setInputFiles(many)
    await poll(() => files.getByRole('listitem').count(), 9)
    await files.getByRole('progressbar').last().waitFor({ state: 'detached' })
    await poll(() => files.getByRole('progressbar').count(), 0)
    expect(await files.getByRole('alert').count()).toBe(0)
  })
})
