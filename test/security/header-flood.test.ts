import { expect, test } from 'vitest'
import { exchange, statusesOf } from '../fuzz/wire.ts'
import { startServer } from '../support/testkit.ts'

const START = ['GET /graphql?query={__typename} HTTP/1.1', 'Host: x', 'Connection: close']

function request(headers: string[]): string {
  return [...START, ...headers, '\r\n'].join('\r\n')
}

test.each([
  ['one huge header', [`Long: ${'x'.repeat(1_000_000)}`]],
  ['many headers', Array.from({ length: 20_000 }, (_, index) => `H${index}: x`)],
  ['a huge token', [`Authorization: Bearer ${'x'.repeat(1_000_000)}`]],
  ['a huge address', []],
])('%s is refused with 431, and others are served meanwhile', async (what, headers) => {
  const { url, anonymous } = await startServer()
  const flood = request(headers).replace('{__typename}', what === 'a huge address' ? 'x'.repeat(1_000_000) : '$&')

  const floods = Array.from({ length: 20 }, () => exchange(url, flood))
  expect((await anonymous.post({ query: '{ __typename }' })).status).toBe(200)

  for (const answer of await Promise.all(floods)) {
    // It needn't read on for its refusal to be heard.
    expect([[431], []]).toContainEqual(statusesOf(answer))
  }
  expect(statusesOf(await exchange(url, request(['Long: x'])))).toEqual([200])
})

test('Some hundred headers more than anybody has don’t matter', async () => {
  const { url } = await startServer()
  const headers = Array.from({ length: 300 }, (_, index) => `H${index}: x`)

  const answer = await exchange(url, request(headers))

  expect(statusesOf(answer)).toEqual([200])
})
