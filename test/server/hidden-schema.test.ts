import { expect, test } from 'vitest'
import { openBareSocket } from '../support/bare-socket.ts'
import { startServer } from '../support/testkit.ts'

const INTROSPECTION = [
  '{ __schema { types { name } } }',
  '{ __type(name: "User") { name } }',
  'query Hidden { ...Part } fragment Part on Query { __schema { queryType { name } } }',
]

/** Each nearly right, in every place that GraphQL looks for what was meant. */
const NEARLY: { query: string; variables?: object }[] = [
  { query: '{ viewr { id } }' },
  { query: '{ viewer { usernam } }' },
  { query: '{ users(serch: "x") { edges { cursor } } }' },
  { query: '{ viewer { ... on Usr { id } } }' },
  { query: 'query ($id: ID) @skipp(if: true) { viewer { id } }' },
  { query: 'mutation { createGroup(input: { name: "x", visibilty: PUBLIC }) { group { id } } }' },
  { query: 'mutation { createGroup(input: { name: "x", visibility: PUBLIK }) { group { id } } }' },
  {
    query: 'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { id } } }',
    variables: { input: { name: 'x', visibility: 'PUBLIK' } },
  },
  {
    query: 'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { id } } }',
    variables: { input: { name: 'x', visibilty: 'PUBLIC' } },
  },
  {
    query: 'query ($by: UserRef!) { user(by: $by) { id } }',
    variables: { by: { usernam: 'tom' } },
  },
  { query: 'subscription { inbx { cursor } }' },
  {
    query: 'subscription ($with: UserRef!) { directMessages(with: $with) { cursor } }',
    variables: { with: { usernam: '' } },
  },
]

/** What a server answers over HTTP, SSE and a socket. */
async function ask(url: string, payload: object) {
  const request = { method: 'POST', body: JSON.stringify(payload) }
  const headers = { 'content-type': 'application/json' }
  const { send, next } = await openBareSocket(url)
  send({ type: 'connection_init' })
  await next()
  send({ type: 'subscribe', id: '1', payload })
  return {
    http: await (await fetch(url, { ...request, headers })).text(),
    sse: await (await fetch(url, { ...request, headers: { ...headers, accept: 'text/event-stream' } })).text(),
    socket: JSON.stringify(await next()),
  }
}

test('Who isn’t to know the schema learns nothing of it, on any way in', async () => {
  const { url } = await startServer({ introspection: false })

  for (const query of INTROSPECTION) {
    for (const [way, answer] of Object.entries(await ask(url, { query }))) {
      expect([query, way, answer]).toEqual([query, way, expect.stringContaining('GRAPHQL_VALIDATION_FAILED')])
      expect([query, way, answer]).toEqual([query, way, expect.stringContaining('introspection')])
    }
  }
  for (const payload of NEARLY) {
    for (const [way, answer] of Object.entries(await ask(url, payload))) {
      expect([payload, way, answer]).toEqual([payload, way, expect.stringMatching(/"errors?"/)])
      expect([payload, way, answer]).toEqual([payload, way, expect.not.stringContaining('Did you mean')])
    }
  }
  expect((await ask(url, { query: '{ __typename }' })).http).toBe('{"data":{"__typename":"Query"}}')
})

test('Others are told what they may have meant', async () => {
  const { url } = await startServer()

  for (const query of INTROSPECTION) expect((await ask(url, { query })).http).not.toContain('errors')
  const told = await Promise.all(NEARLY.map(async (payload) => Object.values(await ask(url, payload))))
  expect(told.flat().filter((answer) => answer.includes('Did you mean')).length).toBeGreaterThan(NEARLY.length)
})
