import { expect, test } from 'vitest'
import { LONG } from '../support/browser.ts'
import { sendDirect } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { composer, openSettings, shown, talkTo, tomAndJerry, write } from './person.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
)

needs('chromium')('an account', () => {
  test('gets a picture that others see, and loses it again', { timeout: LONG }, async () => {
    const { tom, jerry, enter } = await tomAndJerry()
    await jerry.request(sendDirect, { input: { to: { id: tom.id }, content: 'Show yourself' } })
    const { page: toms } = await enter(tom)
    await openSettings(toms, 'Profile')
    const field = toms.locator('.picture-field')
    await field.locator('input').setInputFiles({ name: 'me.txt', mimeType: 'text/plain', buffer: Buffer.from('me') })
    await field.getByRole('alert').getByText('This is no picture').waitFor()
    await field.locator('input').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: PNG })
    await field.locator('img').waitFor()
    await field.getByRole('alert').waitFor({ state: 'detached' })

    const { page: jerrys, faults } = await enter(jerry)
    const picture = jerrys.getByRole('link', { name: /tom/ }).locator('img')
    await poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth), 10)
    await field.getByRole('button', { name: 'Remove' }).click()
    await field.locator('img').waitFor({ state: 'detached' })
    await jerrys.reload()
    await jerrys.getByRole('link', { name: /tom/ }).waitFor()
    expect(await picture.count()).toBe(0)
    expect(faults).toEqual([])
  })

  test('gets another password, which signs its other devices out', { timeout: LONG }, async () => {
    const { server, tom, enter } = await tomAndJerry()
    const { page } = await enter(tom)
    const { page: phone } = await enter(tom)
    await openSettings(page, 'Account')
    const change = page.getByRole('button', { name: 'Change password' })
    await page.getByLabel('Password until now').fill('not my password')
    await page.getByLabel('New password').fill('another password')
    await change.click()
    await page.getByRole('alert').getByText('Wrong password.').waitFor()
    await page.getByLabel('Password until now').fill(tom.password)
    await change.click()
    await page.getByText('Changed.').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)

    await phone.getByText('Your session here has ended.').waitFor()
    await expect(server.login(tom)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await server.login({ ...tom, password: 'another password' })
    await page.keyboard.press('Escape')
    await talkTo(page, 'jerry')
    await write(page, 'Still here')
    await shown(page, 'Still here').getByTitle('Sent').waitFor()
  })

  test('has one of its devices signed out, and the others go on', { timeout: LONG }, async () => {
    const { tom, jerry, enter } = await tomAndJerry()
    const { page: phone } = await enter(tom, { userAgent: 'Mozilla/5.0 (Android 16) Firefox/150.0' })
    const { page, faults } = await enter(tom)
    await openSettings(page, 'Devices')
    await page.getByText('this device').waitFor()
    await page.getByRole('button', { name: 'Sign out Firefox on Android' }).click()
    await page.getByText('Firefox on Android').waitFor({ state: 'detached' })
    await phone.getByText('Your session here has ended.').waitFor()

    await page.keyboard.press('Escape')
    await jerry.request(sendDirect, { input: { to: { id: tom.id }, content: 'Are you there?' } })
    await page.getByRole('link', { name: /jerry/ }).click()
    await shown(page, 'Are you there?').waitFor()
    expect(faults).toEqual([])
  })

  test('is deleted by who knows its password, and its messages stay', { timeout: LONG }, async () => {
    const { server, tom, jerry, enter } = await tomAndJerry()
    await tom.request(sendDirect, { input: { to: { id: jerry.id }, content: 'Remember me' } })
    const { page } = await enter(tom)
    await openSettings(page, 'Account')
    const remove = page.getByRole('button', { name: 'Delete my account' })
    await page.getByLabel('Password', { exact: true }).fill('not my password')
    await remove.click()
    await page.getByRole('alert').getByText('Wrong password.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(tom.password)
    await remove.click()
    await page.getByText('Your account has been deleted.').waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await expect(server.login(tom)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })

    const { page: jerrys } = await enter(jerry)
    await jerrys.getByRole('link', { name: /Remember me/ }).click()
    await shown(jerrys, 'Remember me').waitFor()
    await composer(jerrys).waitFor()
    expect(await jerrys.getByText('tom', { exact: true }).count()).toBe(0)
  })

  test('is shown once the server is there again, where it was away as the page opened', { timeout: LONG }, async () => {
    const { tom, enter } = await tomAndJerry()
    const { page } = await enter(tom)
    await page.route('**/graphql', (route) => route.abort())
    await page.reload()
    await openSettings(page, 'Profile')
    await page.getByRole('alert').getByText('The server can’t be reached.').waitFor()
    await page.unroute('**/graphql')
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
  })
})
