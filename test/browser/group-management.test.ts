import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { LONG } from '../support/browser.ts'
import { graphql } from '../support/graphql.ts'
import { newGroup } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { manage, tomAndJerry } from './person.ts'

const roles = graphql(`
  query RolesInBrowser($id: ID!) { group(id: $id) { members(first: 9) { edges { node { role user { username } } } } } }
`)

/** Tom's group with Jerry and Spike, and both of the two in browsers, with its dialog open. */
async function openHouse() {
  const { server, tom, jerry, enter } = await tomAndJerry()
  const spike = await server.register('spike')
  const memberIds = [jerry.id, spike.id]
  const { createGroup } = await tom.request(newGroup, { name: 'The house', visibility: 'PUBLIC', memberIds })
  const [toms, jerrys] = [await enter(tom), await enter(jerry)]
  for (const { page } of [toms, jerrys]) {
    await page.getByRole('link', { name: /The house/ }).click()
    await openDialog(page)
  }
  const rolesNow = async () => {
    const { group } = await tom.request(roles, { id: createGroup.group.id })
    return Object.fromEntries(group?.members.edges.map(({ node }) => [node.user.username, node.role]) ?? [])
  }
  return { toms: toms.page, jerrys: jerrys.page, rolesNow, faults: [toms.faults, jerrys.faults] }
}

async function openDialog(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'About this group' }).click()
  await page.getByRole('heading', { name: /^\d members?$/ }).waitFor()
}

function lineOf(page: Page, name: string) {
  return page.getByRole('dialog').getByRole('listitem').filter({ hasText: name })
}

needs('chromium')('who manages a group', () => {
  test('makes somebody an admin, who can put others out, and takes that back', { timeout: LONG }, async () => {
    const { toms, jerrys, rolesNow, faults } = await openHouse()
    await jerrys.getByRole('button', { name: 'What to do about spike' }).click()
    await jerrys.getByRole('button', { name: 'Message', exact: true }).waitFor()
    expect(await jerrys.getByRole('button', { name: 'Remove…' }).count()).toBe(0)
    await jerrys.keyboard.press('Escape')

    await manage(toms, 'jerry', 'Make an admin')
    await lineOf(toms, 'jerry').getByText('admin', { exact: true }).waitFor()
    await openDialog(jerrys)
    await manage(jerrys, 'spike', 'Remove…')
    expect(await rolesNow()).toEqual({ tom: 'OWNER', jerry: 'ADMIN', spike: 'MEMBER' })
    await jerrys.getByRole('button', { name: 'Yes, remove' }).click()
    await lineOf(jerrys, 'spike').waitFor({ state: 'detached' })

    await manage(toms, 'jerry', 'No longer an admin')
    await lineOf(toms, 'jerry').getByText('admin', { exact: true }).waitFor({ state: 'detached' })
    expect(await rolesNow()).toEqual({ tom: 'OWNER', jerry: 'MEMBER' })
    expect(faults).toEqual([[], []])
  })

  test('bans somebody, who can come back once that is lifted', { timeout: LONG }, async () => {
    const { toms, jerrys } = await openHouse()
    await manage(toms, 'jerry', 'Ban…')
    await toms.getByRole('button', { name: 'Yes, remove for good' }).click()
    await toms.getByRole('heading', { name: 'Banned' }).waitFor()
    await jerrys.getByText('you are no longer in it').waitFor()

    const join = async () => {
      await jerrys.getByRole('button', { name: 'New conversation' }).click()
      await jerrys.getByRole('tab', { name: 'Public groups' }).click()
      await jerrys.getByRole('button', { name: 'Join' }).click()
    }
    await join()
    await jerrys.getByRole('dialog').getByRole('alert').waitFor()
    await jerrys.keyboard.press('Escape')
    await toms.getByRole('button', { name: 'Unban jerry' }).click()
    await toms.getByRole('heading', { name: 'Banned' }).waitFor({ state: 'detached' })
    await join()
    await jerrys.getByRole('textbox', { name: 'Message to The house' }).waitFor()
  })

  test('is told how to leave as its owner: by handing it over, or with nobody left, by deleting it', {
    timeout: LONG,
  }, async () => {
    const { toms, jerrys, rolesNow } = await openHouse()
    await toms.getByText('make somebody else the owner first').waitFor()
    expect(await toms.getByRole('button', { name: 'Leave the group…' }).count()).toBe(0)
    await toms.getByRole('button', { name: 'Delete the group…' }).dblclick()
    await toms.getByRole('button', { name: 'Yes, delete it' }).waitFor()
    await manage(toms, 'jerry', 'Make the owner…')
    await toms.getByRole('button', { name: 'Yes, hand the group over' }).click()
    const leave = toms.getByRole('button', { name: 'Leave the group…' })
    await leave.waitFor()
    expect(await rolesNow()).toEqual({ tom: 'ADMIN', jerry: 'OWNER', spike: 'MEMBER' })
    await leave.click()
    await toms.getByRole('button', { name: 'Yes, leave the group' }).click()
    await toms.getByText('No conversations yet').waitFor()

    await jerrys.keyboard.press('Escape')
    await openDialog(jerrys)
    await manage(jerrys, 'spike', 'Remove…')
    await jerrys.getByRole('button', { name: 'Yes, remove' }).click()
    await jerrys.getByText('Nobody else is in the group: to leave, delete it.').waitFor()
    await jerrys.getByRole('button', { name: 'Delete the group…' }).click()
    await jerrys.getByRole('button', { name: 'Yes, delete it' }).click()
    await jerrys.getByText('No conversations yet').waitFor()
  })
})
