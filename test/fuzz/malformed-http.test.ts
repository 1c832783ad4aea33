import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startServer } from '../support/testkit.ts'
import { expectDiscreet } from './judge.ts'
import { oddRequest } from './odd-requests.ts'
import { CHANCES, PATIENCE, RUNS } from './size.ts'
import { exchange, statusesOf } from './wire.ts'
import { openWorld } from './world.ts'

/** Where the connection would stay open: a socket, a stream at its end, GraphiQL's many megabytes. */
const LASTING = /^HTTP\/1\.1 101|\r\n0\r\n\r\n$|text\/html/i

test('No request, however malformed, is the server’s fault', { timeout: PATIENCE }, async () => {
  const world = await openWorld()

  const holds = fc.asyncProperty(oddRequest, async ({ text, isCutShort }) => {
    const isHead = text.startsWith('HEAD')
    const isEnough = (answer: string) => LASTING.test(answer) || (isHead && answer.includes('\r\n\r\n'))
    const answer = await exchange(world.server.url, text, { halfClose: isCutShort, isEnough })

    for (const status of statusesOf(answer)) expect(status).toBeLessThan(500)
    // GraphiQL's own script has it all.
    if (!answer.includes('text/html')) expectDiscreet(answer, [world.secrets.always])
    expect(world.faults()).toEqual([])
  })
  await fc.assert(holds, { numRuns: 60 * RUNS, ...CHANCES })

  expect((await world.server.anonymous.post({ query: '{ __typename }' })).status).toBe(200)
})

test('What is wrong with a request, its status tells', async () => {
  const { url } = await startServer()
  const operation = '{"query":"{ __typename }"}'

  for (const [method, path, body, status] of [
    ['POST', '', operation, 200],
    ['POST', '', operation.slice(0, -1), 400],
    ['POST', '', '"query"', 400],
    ['POST', '', `[${operation},${operation}]`, 400],
    ['POST', '', '{"query":1}', 400],
    ['GET', '', null, 400],
    ['GET', '?query={__typename}&variables={', null, 400],
    ['GET', '?query=mutation{logout{ok}}', null, 405],
    ['PUT', '', operation, 405],
    ['POST', '/nowhere', operation, 404],
  ] as const) {
    const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' }
    const response = await fetch(url + path, { method, headers, body })
    expect([method, path, body, response.status]).toEqual([method, path, body, status])
  }
})

test('A request for another server’s URL, or for none, is refused', async () => {
  const { url } = await startServer()
  for (const target of ['https://example.com:99999/graphql', 'http://example.com/graphql', '*']) {
    for (const host of ['', 'localhost', 'localhost:x']) {
      const text = `OPTIONS ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`
      expect([target, host, statusesOf(await exchange(url, text))]).toEqual([target, host, [400]])
    }
  }
})

test('A value that looks like the error about it takes no longer to refuse than another', async () => {
  const { anonymous } = await startServer()
  const query = 'query ($first: Int) { users(first: $first) { edges { cursor } } }'

  const response = await anonymous.post({ query, variables: { first: { [` at "${'a'.repeat(200_000)}`]: 1 } } })

  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'first' } }] })
})

test('Brackets that nest nothing are taken, however many', async () => {
  const { anonymous } = await startServer()
  const search = '('.repeat(2_000)

  const response = await anonymous.post({ query: `{ __type(name: "${search}") { name } }` })

  expect(await response.json()).toEqual({ data: { __type: null } })
})
