import { expect, test } from 'vitest'
import { startServer } from '../support/testkit.ts'
import { attempt, refusal, TRANSPORTS } from './transports.ts'

test.each(TRANSPORTS)('A field with a thousand directives is refused over %s', async (transport) => {
  const server = await startServer()
  const unknown = '@a'.repeat(900)
  const known = '@include(if: true)'.repeat(51)

  for (const query of [
    `{ __typename ${unknown} }`,
    `query ${unknown} { __typename }`,
    `query ($x: Int ${unknown}) { __typename }`,
    `{ ...F } fragment F on Query ${unknown} { __typename }`,
    `{ ... ${known} { __typename } }`,
    `{ ${'...F '.repeat(51)} } fragment F on Query { __typename @skip(if: false) }`,
  ]) {
    expect(await attempt(transport, server, { query })).toMatchObject(refusal('directives', 50))
  }
})

test.each(TRANSPORTS)('A megabyte of directives is refused over %s', async (transport) => {
  const server = await startServer()

  const answer = await attempt(transport, server, { query: `{ __typename ${'@a'.repeat(400_000)} }` })

  expect(answer).toMatchObject(refusal('tokens', 2_000))
})
