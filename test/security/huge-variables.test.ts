import { expect, test } from 'vitest'
import { startServer } from '../support/testkit.ts'
import { attempt, TRANSPORTS } from './transports.ts'

const LARGEST_ANSWER = 20_000 // characters

const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'
const node = 'query ($id: ID!) { node(id: $id) { id } }'
const send = 'mutation ($input: SendDirectMessageInput!) { sendDirectMessage(input: $input) { cursor } }'

test.each(TRANSPORTS)('Large and deep variables are refused over %s, in few words', async (transport) => {
  const server = await startServer()
  const { accessToken } = await server.register('mallory')
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const manyKeys = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`key${index}`, index]))

  for (const operation of [
    { query: nodes, variables: { ids: Array.from({ length: 100_000 }, (_, index) => `${index}`) } },
    { query: nodes, variables: { ids: Array.from({ length: 100_000 }, () => ({})) } },
    `{"query":"${nodes}","variables":{"ids":${deep}}}`,
    `{"query":"${node}","variables":{"id":${deep}}}`,
    { query: node, variables: { id: Array.from({ length: 300_000 }, () => 1) } },
    { query: node, variables: { id: manyKeys } },
    { query: send, variables: { input: manyKeys } },
    { query: send, variables: { input: { to: { username: 'x'.repeat(900_000) }, content: 5 } } },
    { query: send, variables: { input: { to: 'x'.repeat(900_000), content: 'Hello' } } },
    { query: send, variables: { input: 'x'.repeat(900_000) } },
    { query: send, variables: { input: { to: { username: 'mallory' }, content: 'x'.repeat(900_000) } } },
  ]) {
    const answer = await attempt(transport, server, operation, accessToken)
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' })
    expect(answer.data ?? null).toBeNull()
    expect(JSON.stringify(answer).length).toBeLessThan(LARGEST_ANSWER)
  }
})

test.each(TRANSPORTS)('Variables that nothing asks for are dropped over %s', async (transport) => {
  const server = await startServer()
  const variables = { unused: 'x'.repeat(900_000), __proto__: { polluted: true }, constructor: { prototype: 1 } }

  expect(await attempt(transport, server, { query: '{ __typename }', variables })).toEqual({
    data: { __typename: 'Query' },
  })
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})
