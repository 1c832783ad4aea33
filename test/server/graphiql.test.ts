import { getOperationAST, getVariableValues, parse, validate } from 'graphql'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { EXAMPLE_TABS } from '../../src/server/graphiql-tabs.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { sendDirect } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'

const timeout = 180_000 // ms: it is a large page, for a slow machine

test('GraphiQL’s page has no script in its text, and its files are kept for good', async () => {
  const { url } = await startServer()
  const response = await fetch(url, { headers: { accept: 'text/html' } })
  const html = await response.text()

  expect(response.headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe/)
  expect(html).not.toMatch(/<script>|<style>| on\w+=/)
  for (const [, path = ''] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
    const file = await fetch(new URL(path, url), { headers: { 'accept-encoding': 'gzip' } })
    expect(file.status).toBe(200)
    expect(file.headers.get('cache-control')).toContain('immutable')
    expect(file.headers.get('content-encoding')).toBe('gzip')
    expect((await fetch(new URL(`${path}x`, url))).status).toBe(404)
  }
})

test.each(EXAMPLE_TABS)('The tab $query can be run as it stands', ({ query, variables = '{}' }) => {
  const document = parse(query)
  expect(validate(schema, document)).toEqual([])

  const { variableDefinitions = [] } = getOperationAST(document) ?? {}
  expect(getVariableValues(schema, variableDefinitions, JSON.parse(variables)).errors).toBeUndefined()
})

test('Without GraphiQL, a browser is told what there is', async () => {
  const { url } = await startServer({ graphiql: false })

  const response = await fetch(url, { headers: { accept: 'text/html' } })
  expect(response.headers.get('content-type')).toContain('text/plain')
  expect(await response.text()).toContain('application/json')
  expect((await fetch(`${url}/graphiql.js`)).status).toBe(404)
})

needs('chromium')('GraphiQL in a browser', () => {
  test('runs a mutation, a query and a live subscription, and breaks no rule of its policy', { timeout }, async () => {
    const server = await startServer()
    const [tom, jerry] = [await server.register('tom'), await server.register('jerry')]
    const { page, faults } = await openPage(await openBrowser())
    await page.goto(server.url)

    await enter(page, 'Variables', { input: { login: tom.username, password: tom.password } })
    await run(page)
    await page.getByText('"accessToken"').first().waitFor()

    await chooseTab(page, 'Chats')
    await page.getByRole('button', { name: 'Headers' }).click()
    await page.getByText('PUT THE ACCESS TOKEN HERE').first().waitFor()
    await enter(page, 'Headers', { authorization: `Bearer ${tom.accessToken}` })
    await run(page)
    await page.getByText('"conversations"').first().waitFor()

    await chooseTab(page, 'Listen')
    await enter(page, 'Headers', { authorization: `Bearer ${tom.accessToken}` })
    await run(page)
    await poll(async () => server.app.census().connections, 1)
    await jerry.request(sendDirect, { input: { to: { username: 'tom' }, content: 'Hello from afar' } })
    await page.getByText('Hello from afar').first().waitFor()

    expect(faults).toEqual([])
    expect(page.url()).toBe(server.url)
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(tom.accessToken)
    expect(await page.context().cookies()).toEqual([])
  })
})

/** By the keyboard, since a mouse as quick as this one's would drag the tab. */
async function chooseTab(page: Page, name: string): Promise<void> {
  await page.locator('.graphiql-tab-button', { hasText: name }).press('Enter')
}

/** Puts a value in place of what one of the editors below the operation shows. */
async function enter(page: Page, tool: 'Variables' | 'Headers', value: object): Promise<void> {
  await page.getByRole('button', { name: tool }).click()
  await page.locator('.graphiql-editor-tool .monaco-editor:visible').first().click()
  await page.keyboard.press('Control+A')
  // Pasted, since what is typed gets closing brackets by itself.
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(JSON.stringify(value))})`)
  await page.keyboard.press('Control+V')
}

async function run(page: Page): Promise<void> {
  await page.locator('.graphiql-execute-button').click()
}
