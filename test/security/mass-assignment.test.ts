import { expect, test } from 'vitest'
import { openSignedInSocket } from '../support/bare-socket.ts'
import { newGroup, sendToGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'

const timeout = 60_000 // ms, for a busy machine

const REFUSED = 'GRAPHQL_VALIDATION_FAILED'

/** What each operation is given beyond what it takes, as if its input became a row as it is. */
const INTRUSIONS: Record<string, { input: Record<string, unknown>; more: Record<string, unknown>[] }> = {
  'register: RegisterInput': {
    input: { username: 'eve', password: 'password123' },
    more: [{ id: '1' }, { isAdmin: true }, { role: 'OWNER' }, { createdAt: '2020-01-01T00:00:00Z' }, { hash: 'x' }],
  },
  'updateProfile: UpdateProfileInput': {
    input: { displayName: 'Eve' },
    more: [{ id: '1' }, { username: 'tom' }, { usernameKey: 'tom' }, { deletedAt: null }, { password: { hash: 'x' } }],
  },
  'createGroup: CreateGroupInput': {
    input: { name: 'Eve’s' },
    more: [{ owner: { username: 'tom' } }, { role: 'OWNER' }, { lastSeq: 9 }, { members: { create: [] } }],
  },
  'sendGroupMessage: SendGroupMessageInput': {
    input: { groupId: '', content: 'Hello' },
    more: [{ senderId: '1' }, { seq: 1 }, { createdAt: '2020-01-01T00:00:00Z' }, { position: 1 }, { status: 'READ' }],
  },
  'updateGroup: UpdateGroupInput': {
    input: { groupId: '', name: 'Eve’s' },
    more: [{ viewerRole: 'OWNER' }, { memberCount: 1_000 }, { conversation: { connect: {} } }],
  },
}
/** What means something to JavaScript itself. */
const NAMES_OF_THE_LANGUAGE = ['{"__proto__": {"isAdmin": true}}', '{"constructor": {"prototype": {"isAdmin": true}}}']

async function scene() {
  const server = await startServer()
  const eve = await server.register('mallory')
  const { createGroup } = await eve.request(newGroup, { name: 'The house' })
  const groupId = createGroup.group.id
  const { send, next } = await openSignedInSocket(server.url, eve.accessToken)

  /** @returns the codes of the refusals, over HTTP and on the socket; null where there was none */
  async function attempt(body: string): Promise<unknown[]> {
    const overHttp = await (
      await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${eve.accessToken}` },
        body,
      })
    ).json()
    send(`{"type":"subscribe","id":"attempt","payload":${body}}`)
    const { type, payload } = await next()
    if (type === 'next') await next()
    const errors = type === 'error' ? payload : Object(payload).errors
    return [codeOf(Object(overHttp).errors), codeOf(errors)]
  }

  return { server, eve, groupId, attempt }
}

function codeOf(errors: unknown): unknown {
  return (errors as { extensions?: { code: string } }[] | undefined)?.[0]?.extensions?.code ?? null
}

test('No operation takes what its input doesn’t have, as variables or as literals', { timeout }, async () => {
  const { server, groupId, attempt } = await scene()
  const { database } = server.app.services
  const rows = async () => [
    await database.read.user.findMany(),
    await database.read.conversation.findMany(),
    await database.read.message.count(),
  ]
  const before = await rows()

  for (const [signature, { input, more }] of Object.entries(INTRUSIONS)) {
    const [field = '', type = ''] = signature.split(': ')
    const good = 'groupId' in input ? { ...input, groupId } : input
    for (const intruder of more) {
      const given = { ...good, ...intruder }
      const asVariables = { query: `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }` }
      const asLiterals = { query: `mutation { ${field}(input: ${literal(given)}) { __typename } }` }
      const what = `${field} with ${JSON.stringify(intruder)}`
      expect(await attempt(JSON.stringify({ ...asVariables, variables: { input: given } })), what).toEqual([
        expect.stringMatching(/^(GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT)$/),
        expect.stringMatching(/^(GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT)$/),
      ])
      expect(await attempt(JSON.stringify(asLiterals)), what).toEqual([REFUSED, REFUSED])
    }
  }
  expect(await rows()).toEqual(before)
})

test('Names that JavaScript knows are fields that an input doesn’t have, and change nothing else', {
  timeout,
}, async () => {
  const { eve, groupId, attempt } = await scene()
  const query = 'mutation ($input: SendGroupMessageInput!) { sendGroupMessage(input: $input) { __typename } }'

  for (const odd of NAMES_OF_THE_LANGUAGE) {
    const input = `{"groupId": "${groupId}", "content": "Hello", ${odd.slice(1)}`
    const [overHttp, onSocket] = await attempt(`{"query": ${JSON.stringify(query)}, "variables": {"input": ${input}}}`)
    for (const code of [overHttp, onSocket]) expect([null, REFUSED, 'BAD_USER_INPUT']).toContain(code)
    const beside = `{"query": "{ viewer { username } }", "variables": ${odd}, "extensions": ${odd}`
    expect(await attempt(`${beside}}`)).toEqual([null, null])
    for (const code of await attempt(`${beside}, ${odd.slice(1)}`)) expect([null, 'BAD_REQUEST']).toContain(code)
  }
  expect('isAdmin' in {}).toBe(false)
  const { sendGroupMessage } = await eve.request(sendToGroup, { input: { groupId, content: 'Still at it' } })
  expect(sendGroupMessage.message.sender.username).toBe('mallory')
})

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(' ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([name, held]) => `${name}: ${literal(held)}`)
    .join(' ')}}`
}
