import { expect, test } from 'vitest'
import { startServer } from '../support/testkit.ts'
import { attempt, refusal, TRANSPORTS } from './transports.ts'

test.each(TRANSPORTS)('A field that is asked for again and again is refused over %s', async (transport) => {
  const server = await startServer()

  for (const [query, limit, max] of [
    [`{ ${'__typename '.repeat(80_000)} }`, 'tokens', 2_000],
    [`{ ${'__typename '.repeat(501)} }`, 'selections', 500],
    [`{ ${'viewer { id } '.repeat(32)} }`, 'selections', 500],
    [`{ ${'... { viewer { id } } '.repeat(31)} }`, 'selections', 500],
    [`{ ${'viewer { id id id id } '.repeat(101)} }`, 'selections', 500],
    [`{ viewer { ${'...F '.repeat(100)} } } fragment F on User { id id id id }`, 'selections', 500],
  ] as const) {
    expect(await attempt(transport, server, { query })).toMatchObject(refusal(limit, max))
  }
})

test.each(TRANSPORTS)('Of hundreds of faults, a few are looked for over %s', async (transport) => {
  const server = await startServer()
  const fields = Array.from({ length: 400 }, (_, number) => `viever${number}`)

  const { errors = [] } = await attempt(transport, server, { query: `{ ${fields.join(' ')} }` })
  expect(errors).toHaveLength(11)
  expect(errors.at(-1)?.message).toMatch(/^Too many validation errors/)
  expect(errors.every(({ extensions }) => extensions?.['code'] === 'GRAPHQL_VALIDATION_FAILED')).toBe(true)
})

test.each(TRANSPORTS)('Pages within pages are refused over %s, whatever says their size', async (transport) => {
  const server = await startServer()
  const { accessToken } = await server.register('mallory')
  const nested = (size: string) =>
    `conversations(first: ${size}) { edges { node { messages(last: ${size}) { edges { node { id } } } } } }`

  for (const operation of [
    { query: `{ ${nested('200')} }` },
    { query: `query ($size: Int) { ${nested('$size')} }`, variables: { size: 200 } },
    { query: `query ($size: Int = 200) { ${nested('$size')} }` },
    {
      query: 'query ($size: Int) { ...F } fragment F on Query { '.concat(nested('$size'), ' }'),
      variables: { size: 200 },
    },
  ]) {
    expect(await attempt(transport, server, operation, accessToken)).toMatchObject(refusal('cost', 20_000, 40_200))
  }
  const small = { query: `query ($size: Int) { ${nested('$size')} }`, variables: { size: 50 } }
  expect(await attempt(transport, server, small, accessToken)).toMatchObject({ data: { conversations: { edges: [] } } })
})
