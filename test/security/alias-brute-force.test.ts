import { expect, test, vi } from 'vitest'
import { startServer } from '../support/testkit.ts'
import { attempt, refusal, TRANSPORTS } from './transports.ts'

const login = (index: number) => `a${index}: login(input: { login: "tom", password: "guess ${index}" }) { user { id } }`

test.each(TRANSPORTS)(
  'A thousand passwords in one operation, by aliases, over %s: none is tried',
  async (transport) => {
    const server = await startServer()
    const tried = vi.spyOn(server.app.services.credentials, 'login')
    const logins = Array.from({ length: 1_000 }, (_, index) => login(index))

    for (const [query, limit, max] of [
      [`mutation { ${logins.join(' ')} }`, 'tokens', 2_000],
      [`mutation { ${logins.slice(0, 90).join(' ')} }`, 'aliases', 30],
      [`mutation { ${logins.slice(0, 5).join(' ')} }`, 'cost', 20_000],
      [`mutation { ...F } fragment F on Mutation { ${logins.slice(0, 5).join(' ')} }`, 'cost', 20_000],
      [`mutation { ... on Mutation { ${logins.slice(0, 5).join(' ')} } }`, 'cost', 20_000],
    ] as const) {
      const answer = await attempt(transport, server, { query })
      expect(answer).toMatchObject(refusal(limit, max))
      expect(answer.data).toBeUndefined()
    }
    expect(tried).not.toHaveBeenCalled()
  },
)

test.each(TRANSPORTS)('Aliases of __typename count as others do, over %s', async (transport) => {
  const server = await startServer()
  const query = `{ ${Array.from({ length: 31 }, (_, index) => `a${index}: __typename`).join(' ')} }`

  expect(await attempt(transport, server, { query })).toMatchObject(refusal('aliases', 30, 31))
})

test('An alias in a fragment counts wherever the fragment is spread', async () => {
  const server = await startServer()
  const places = Array.from({ length: 31 }, () => '...F').join(' ')

  const answer = await attempt('HTTP', server, { query: `{ ${places} } fragment F on Query { a: __typename }` })

  expect(answer).toMatchObject(refusal('aliases', 30, 31))
})
