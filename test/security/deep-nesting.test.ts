import { expect, test } from 'vitest'
import { startServer } from '../support/testkit.ts'
import { attempt, refusal, TRANSPORTS } from './transports.ts'

const nested = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels)

test.each(TRANSPORTS)('What is nested without end is refused over %s', async (transport) => {
  const server = await startServer()

  for (const [query, limit] of [
    [`{ viewer { id } node(id: ${nested('[', ']', 900)}) { id } }`, 'depth'],
    [`{ node(id: ${'{a:'.repeat(400)}1${'}'.repeat(400)}) { id } }`, 'depth'],
    [`query ($a: ${nested('[', ']', 900).replace('[]', '[Int]')}) { __typename }`, 'depth'],
    [`query ($a: Int = ${nested('[', ']', 900)}) { __typename }`, 'depth'],
    [`{ __typename @include(if: ${nested('[', ']', 900)}) }`, 'depth'],
    [`{ ${'a { '.repeat(600)} a ${'}'.repeat(600)} }`, 'depth'],
    [`{ node(id: ${'['.repeat(400_000)}`, 'tokens'],
    [`{ ${'a{'.repeat(400_000)}`, 'tokens'],
  ] as const) {
    expect(await attempt(transport, server, { query })).toMatchObject(refusal(limit, limit === 'depth' ? 20 : 2_000))
  }
})

test('Where more tokens are allowed than the stack has room for, the depth still holds', async () => {
  const server = await startServer({ limits: { tokens: 1_000_000 } })

  const answer = await attempt('HTTP', server, { query: `{ node(id: ${'['.repeat(400_000)}` })

  expect(answer).toMatchObject(refusal('depth', 20))
})

test.each(TRANSPORTS)('A subscription has the same limits, over %s', async (transport) => {
  const server = await startServer({ limits: { cost: 5_500, depth: 5 } })
  const { accessToken } = await server.register('mallory')

  const deep = { query: 'subscription { inbox { message { replyTo { conversation { lastMessage { id } } } } } }' }
  expect(await attempt(transport, server, deep, accessToken)).toMatchObject(refusal('depth', 5, 6))
  const reactions = Array.from({ length: 6 }, (_, index) => `a${index}: reactions { users(first: 200) { id } }`)
  const costly = { query: `subscription { inbox { message { ${reactions.join(' ')} } } }` }
  expect(await attempt(transport, server, costly, accessToken)).toMatchObject(refusal('cost', 5_500))
})
