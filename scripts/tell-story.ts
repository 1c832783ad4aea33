import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OperationTypeNode } from 'graphql'
import { pino } from 'pino'
import { createApp } from '../src/app.ts'
import { parseConfig } from '../src/config.ts'
import type { Example } from './api-examples.ts'
import { ask, askInVain, listen, type Refusal, type Request } from './story-requests.ts'

/** What an example was asked with and answered, its data or its error, with an `…` for what differs each time. */
export interface Told {
  variables: Record<string, unknown>
  answer: unknown
  error: Refusal | null
}

const DIFFERENT = /^(id|.*(Id|[cC]ursor|Token|At))$/ // names of ids, cursors, tokens and times
const PASSWORD = 'password123' // of the users that a fresh server has

/**
 * Tells the examples, one after another, to a server that was never started before.
 * @throws Error where one of them fails that should not, or doesn't fail as it should
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
    told.set(example, { variables: hide(variables), answer: hide(answer), error: null })
  }

  async function hear() {
    if (hearing) keep(hearing.example, hearing.variables, await hearing.event)
    hearing = undefined
  }

  for (const example of examples) {
    const { kind, field, text, variableNames, asker, refusal } = example
    const token = await tokenOf(asker)
    const variables = Object.fromEntries(variableNames.map((name) => [name, known[name]]))
    if (refusal) {
      const error = await askInVain(url, { query: text, variables }, refusal, token)
      told.set(example, { variables: hide(variables), answer: null, error })
      continue
    }
    if (kind === OperationTypeNode.SUBSCRIPTION) {
      hearing = { example, variables, ...(await listen(url, { query: text, variables }, token)) }
    } else keep(example, variables, await ask(url, { query: text, variables }, token))
    if (kind !== OperationTypeNode.SUBSCRIPTION || field === 'presence') await hear() // presence begins with how things stand
  }
  return told
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
