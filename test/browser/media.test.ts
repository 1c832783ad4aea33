import { expect, test } from 'vitest'
import { LONG } from '../support/browser.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { shown, talkTo, tomAndJerry, write } from './person.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
)

needs('chromium')('a picture', () => {
  test('is sent with a word, picked, pasted or dropped, and shown to the other', { timeout: LONG }, async () => {
    const { tom, jerry, enter } = await tomAndJerry()
    const toms = await enter(tom)
    const jerrys = await enter(jerry)
    await talkTo(toms.page, 'jerry')

    await toms.page
      .locator('.composer input[type=file]')
      .setInputFiles({ name: 'red.png', mimeType: 'image/png', buffer: PNG })
    await toms.page.getByRole('list', { name: 'Files to send' }).getByText('red.png').waitFor()
    await toms.page.getByRole('progressbar').waitFor({ state: 'detached' })
    await write(toms.page, 'Look at this')
    await jerrys.page.getByRole('link', { name: /tom/ }).click()
    const picture = shown(jerrys.page, 'Look at this').getByRole('img', { name: 'Look at this' })
    await picture.waitFor()
    await poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth), 10)

    const box = jerrys.page.getByRole('textbox', { name: /^Message to / })
    await box.evaluate(
      (element, bytes) => {
        const clipboardData = new DataTransfer()
        clipboardData.items.add(new File([new Uint8Array(bytes)], 'pasted.png', { type: 'image/png' }))
        element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
      },
      [...PNG],
    )
    await jerrys.page.getByText('pasted.png').waitFor()
    await jerrys.page.getByRole('progressbar').waitFor({ state: 'detached' })
    await jerrys.page.getByRole('button', { name: 'Send' }).click()
    await toms.page.getByRole('img', { name: 'Picture' }).waitFor()

    await toms.page.getByRole('region', { name: 'jerry' }).evaluate(
      (element, bytes) => {
        const dataTransfer = new DataTransfer()
        dataTransfer.items.add(new File([new Uint8Array(bytes)], 'dropped.png', { type: 'image/png' }))
        element.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
      },
      [...PNG],
    )
    await toms.page.getByText('dropped.png').waitFor()
    await toms.page.getByRole('progressbar').waitFor({ state: 'detached' })
    await toms.page.getByRole('button', { name: 'Send' }).click()
    await jerrys.page.getByRole('img', { name: 'Picture' }).nth(1).waitFor()
    expect([...toms.faults, ...jerrys.faults]).toEqual([])
  })
})
