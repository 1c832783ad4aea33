// npm run screenshots: draws the web client at a desktop's and a phone's width, light and dark, into docs/web-*.png.
// Whoever changes the page looks at them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Browser, chromium } from 'playwright-core'
import { createApp } from '../src/app.ts'
import { parseConfig } from '../src/config.ts'
import { foundOrThrow } from '../test/support/needs.ts'

const DOCS = join(import.meta.dirname, '../docs')
const PASSWORD = 'password123'

const SHOTS = [
  { name: 'web-desktop-light', viewport: { width: 1100, height: 680 }, colorScheme: 'light' },
  { name: 'web-desktop-dark', viewport: { width: 1100, height: 680 }, colorScheme: 'dark' },
  { name: 'web-phone-light', viewport: { width: 390, height: 700 }, colorScheme: 'light' },
  { name: 'web-phone-dark', viewport: { width: 390, height: 700 }, colorScheme: 'dark' },
] as const

const folder = mkdtempSync(join(tmpdir(), 'chatserver-screenshots-'))
const config = parseConfig({ PORT: '0', DATABASE_URL: `file:${join(folder, 'chat.db')}`, LOG_LEVEL: 'silent' })
const app = await createApp(config, pino({ level: 'silent' }))
const { url } = await app.start()
const browser = await chromium.launch({ executablePath: foundOrThrow('chromium'), args: ['--no-sandbox'] })
try {
  await talk()
  for (const shot of SHOTS) await take(browser, shot)
} finally {
  await browser.close()
  await app.stop()
  rmSync(folder, { recursive: true })
}

async function ask<Data>(query: string, variables: object, token?: string): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await response.json()
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

/** Something to look at. */
async function talk(): Promise<void> {
  type Signed = Record<'session', { accessToken: string; user: { id: string } }>
  const LOGIN = 'mutation($input: LoginInput!) { session: login(input: $input) { accessToken user { id } } }'
  const REGISTER = 'mutation($input: RegisterInput!) { session: register(input: $input) { accessToken user { id } } }'
  const login = (username: string) => ask<Signed>(LOGIN, { input: { login: username, password: PASSWORD } })
  const register = (username: string, displayName: string) =>
    ask<Signed>(REGISTER, { input: { username, displayName, password: PASSWORD } })
  const [{ session: tom }, { session: jerry }] = [await login('tom'), await login('jerry')]
  const { session: spike } = await register('spike', 'Spike')
  const { session: toodles } = await register('toodles', 'Toodles Galore')

  const direct = (from: typeof tom, to: typeof tom, content: string) =>
    ask<unknown>(
      'mutation($input: SendDirectMessageInput!) { sendDirectMessage(input: $input) { cursor } }',
      { input: { to: { id: to.user.id }, content } },
      from.accessToken,
    )
  await direct(toodles, tom, 'Shall we go dancing on Saturday?')
  await direct(spike, tom, 'Stay off my lawn.')

  const { made } = await ask<{ made: { group: { id: string } } }>(
    'mutation($input: CreateGroupInput!) { made: createGroup(input: $input) { group { id } } }',
    { input: { name: 'House rules', memberIds: [jerry, spike].map(({ user }) => user.id) } },
    tom.accessToken,
  )
  const say = async (from: typeof tom, content: string, more: object = {}) => {
    const { sent } = await ask<{ sent: { message: { id: string } } }>(
      'mutation($input: SendGroupMessageInput!) { sent: sendGroupMessage(input: $input) { message { id } } }',
      { input: { groupId: made.group.id, content, ...more } },
      from.accessToken,
    )
    return sent.message.id
  }
  await say(tom, 'Good morning. I propose that the kitchen is closed at night.')
  const offer = await say(jerry, 'Only if the cheese stays outside of it.')
  await say(jerry, 'See https://example.com/cheese, section three.')
  await say(spike, 'Agreed. And @tom feeds nobody to anybody.', { replyToId: offer })
  for (const { accessToken } of [tom, spike]) {
    const input = { messageId: offer, emoji: '❤️' }
    await ask('mutation($input: ReactionInput!) { addReaction(input: $input) { cursor } }', { input }, accessToken)
  }
  await say(tom, 'Fine, fine. Who writes it down?')
}

async function take(browser: Browser, { name, viewport, colorScheme }: (typeof SHOTS)[number]): Promise<void> {
  const page = await browser.newPage({ viewport, colorScheme })
  await page.goto(url)
  await page.getByLabel('Username or email').fill('tom')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: /House rules/ }).click()
  await page.getByText('Who writes it down?').last().waitFor()
  await page.getByTitle('Sent').last().waitFor()
  await page.mouse.move(0, 0)
  await page.screenshot({ path: join(DOCS, `${name}.png`) })
  await page.close()
}
