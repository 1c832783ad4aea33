import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OperationTypeNode } from 'graphql'
import { createClient } from 'graphql-ws'
import { pino } from 'pino'
import { WebSocket } from 'ws'
import { createApp } from '../src/app.ts'
import { parseConfig } from '../src/config.ts'
import type { Example } from './api-examples.ts'

/** What an example was asked with and answered, with an `…` for what differs each time. */
export interface Told {
  variables: Record<string, unknown>
  answer: unknown
}

interface Request {
  query: string
  variables: Record<string, unknown>
}

const DIFFERENT = /^(id|.*(Id|[cC]ursor|Token|At))$/ // names of ids, cursors, tokens and times
const PASSWORD = 'password123' // of the users that a fresh server has

/**
 * Tells the examples, one after another, to a server that was never started before.
 * @throws Error where one of them fails
 */
export async function tellStory(examples: Example[]): Promise<Map<Example, Told>> {
  const folder = await mkdtemp(join(tmpdir(), 'chatserver-story-'))
  const settings = {
    PORT: '0',
    SEED_USERS: 'true',
    RATE_LIMITS: 'off',
    DATABASE_URL: `file:${join(folder, 'chat.db')}`,
  }
  const app = await createApp(parseConfig(settings), pino({ level: 'silent' }))
  try {
    return await tell(examples, `${(await app.start()).url}/graphql`)
  } finally {
    await app.stop()
    await rm(folder, { recursive: true })
  }
}

async function tell(examples: Example[], url: string): Promise<Map<Example, Told>> {
  const told = new Map<Example, Told>()
  const tokens = new Map<string, string>()
  const known: Record<string, unknown> = {}
  let hearing: { example: Example; variables: Request['variables']; event: Promise<object> } | undefined

  /** Keeps what later ones need: tokens by whose they are, ids by their type, all else by its name. */
  function learn(answer: object) {
    const { accessToken, user } = answer as { accessToken?: string; user?: { username: string } }
    if (accessToken && user) tokens.set(user.username, accessToken)
    for (const [name, value] of Object.entries(answer)) {
      if (name === 'id') for (const idName of namesOfId(value)) known[idName] = value
      else if (value !== null && typeof value === 'object') learn(value)
      else known[name] = value
    }
  }

  async function tokenOf(asker: string): Promise<string | undefined> {
    if (asker !== 'anyone' && !tokens.has(asker)) {
      const query = `mutation { login(input: { login: "${asker}", password: "${PASSWORD}" }) { accessToken user { username } } }`
      learn(await ask(url, { query, variables: {} }))
    }
    return tokens.get(asker)
  }

  function keep(example: Example, variables: Request['variables'], answer: object) {
    learn(answer)
    told.set(example, { variables: hide(variables), answer: hide(answer) })
  }

  async function hear() {
    if (hearing) keep(hearing.example, hearing.variables, await hearing.event)
    hearing = undefined
  }

  for (const example of examples) {
    const { kind, field, text, variableNames, asker } = example
    const token = await tokenOf(asker)
    const variables = Object.fromEntries(variableNames.map((name) => [name, known[name]]))
    if (kind === OperationTypeNode.SUBSCRIPTION) {
      hearing = { example, variables, ...(await listen(url, { query: text, variables }, token)) }
    } else keep(example, variables, await ask(url, { query: text, variables }, token))
    if (kind !== OperationTypeNode.SUBSCRIPTION || field === 'presence') await hear() // presence begins with how things stand
  }
  return told
}

async function ask(url: string, request: Request, token?: string): Promise<object> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) })
  return dataOf((await response.json()) as Answer, request)
}

/** Resolves once the server listens: an answer tells so of all that was subscribed to before. */
async function listen(url: string, request: Request, token = ''): Promise<{ event: Promise<object> }> {
  const connectionParams = { authorization: `Bearer ${token}` }
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams })
  const events = client.iterate(request)
  const event = events.next().then(({ value }) => {
    void client.dispose()
    return dataOf(value, request)
  })
  event.catch(() => {}) // whoever awaits it is told
  await client.iterate({ query: '{ __typename }' }).next()
  return { event }
}

interface Answer {
  data?: object | null
  errors?: readonly { message: string }[]
}

function dataOf({ data, errors }: Answer, { query }: Request): object {
  if (!data || errors) throw new Error(`${errors?.[0]?.message} ${query}`)
  return data
}

/** `messageId` for a message's; a group's is that of a conversation, too. */
function namesOfId(id: string): string[] {
  const [type = ''] = Buffer.from(id, 'base64url').toString().split(':')
  const name = `${type.charAt(0).toLowerCase()}${type.slice(1)}Id`
  return type === 'Group' || type === 'DirectConversation' ? [name, 'conversationId'] : [name]
}

function hide<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (name, inner) => (isDifferent(name, inner) ? '…' : inner)))
}

function isDifferent(name: string, value: unknown): boolean {
  return typeof value === 'string' && DIFFERENT.test(name)
}
