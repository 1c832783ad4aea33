import { expect, test } from 'vitest'
import { LONG } from '../support/browser.ts'
import { sendDirect } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { shown, textsOf, tomAndJerry } from './person.ts'

const HOSTILE = [
  '<script>window.harmed = true</script><img src=x onerror="window.harmed = true">',
  'javascript:window.harmed=true [x](javascript:window.harmed=true) data:text/html,<script>1</script>',
  'w'.repeat(3_000),
  '👩‍👩‍👧‍👦'.repeat(200),
  'مرحبا \u202eابتثjpg.exe\u202c fin',
  `Z${'\u0300'.repeat(500)}algo`,
  'https://example.com/"onmouseover="window.harmed=true',
]

needs('chromium')('a hostile message', () => {
  test('is shown as it is, harms nothing, and keeps within its bounds', { timeout: LONG }, async () => {
    const { tom, jerry, enter } = await tomAndJerry()
    for (const content of HOSTILE) {
      await jerry.request(sendDirect, { input: { to: { id: tom.id }, content } })
    }
    const { page, faults } = await enter(tom, { viewport: { width: 390, height: 8_000 } })
    await page.getByRole('link', { name: /jerry/ }).click()
    await shown(page, 'onmouseover').waitFor()

    expect(await textsOf(page)).toEqual(HOSTILE)
    expect(await page.evaluate(() => 'harmed' in window)).toBe(false)
    const links = page.getByRole('article').getByRole('link')
    expect(new Set(await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).protocol)))).toEqual(
      new Set(['https:']),
    )
    for (const link of await links.all()) expect(await link.getAttribute('rel')).toContain('noopener')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    const widths = await page.locator('.message-text').evaluateAll((all) => all.map(({ scrollWidth }) => scrollWidth))
    expect(Math.max(...widths)).toBeLessThan(390)
    expect(faults).toEqual([])
  })
})
