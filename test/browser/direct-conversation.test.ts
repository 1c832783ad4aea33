import { expect, test } from 'vitest'
import { LONG } from '../support/browser.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { shown, talkTo, tomAndJerry, write } from './person.ts'

needs('chromium')('two people in two browsers', () => {
  test('talk directly', { timeout: LONG }, async () => {
    const { tom, jerry, enter } = await tomAndJerry()
    const toms = await enter(tom)
    const jerrys = await enter(jerry)

    await talkTo(toms.page, 'jerry')
    await write(toms.page, 'Hello, Jerry')
    await shown(toms.page, 'Hello, Jerry').waitFor()

    await jerrys.page.getByRole('link', { name: /tom/ }).click()
    await shown(jerrys.page, 'Hello, Jerry').waitFor()
    await write(jerrys.page, 'Hello, Tom')
    await shown(toms.page, 'Hello, Tom').waitFor()
    await toms.page.getByTitle('Read').waitFor()
    await poll(() => shown(toms.page, 'Hello').count(), 2)

    expect([...toms.faults, ...jerrys.faults]).toEqual([])
  })
})
