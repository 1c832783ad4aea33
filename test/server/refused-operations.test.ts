import { expect, test } from 'vitest'
import { attempt, TRANSPORTS } from '../security/transports.ts'
import { startServer } from '../support/testkit.ts'

const deep = `{ ${'a { '.repeat(30)} a ${'}'.repeat(30)} }`
const costly = `mutation { ${Array.from({ length: 21 }, (_, index) => `a${index}: logout { ok }`).join(' ')} }`

test.each([
  ['deep', deep, { code: 'OPERATION_TOO_COMPLEX', limit: 'depth', max: 20, actual: 31 }],
  ['costly', costly, { code: 'OPERATION_TOO_COMPLEX', limit: 'cost', max: 20_000, actual: 21_021 }],
  ['no GraphQL', 'query {', { code: 'GRAPHQL_PARSE_FAILED' }],
  ['not of the schema', '{ nonsense }', { code: 'GRAPHQL_VALIDATION_FAILED' }],
])('An operation that is %s is refused in the same words everywhere, each time', async (_what, query, extensions) => {
  const server = await startServer()
  const statusFor = async (accept: string) => (await server.anonymous.post({ query }, { accept })).status

  for (const transport of [...TRANSPORTS, ...TRANSPORTS]) {
    const { errors } = await attempt(transport, server, { query })
    expect(errors?.map((error) => error.extensions)).toEqual([extensions])
  }
  expect(await statusFor('application/json')).toBe(200)
  expect(await statusFor('application/graphql-response+json')).toBe(400)
})

test('A variable’s fault is told in the same words everywhere', async () => {
  const server = await startServer()
  const query = 'query ($by: UserRef!) { user(by: $by) { id } }'
  for (const transport of TRANSPORTS) {
    const { errors } = await attempt(transport, server, { query, variables: { by: 'tom' } })
    expect(errors?.map((error) => error.extensions)).toEqual([{ code: 'BAD_USER_INPUT', field: 'by' }])
  }
})
