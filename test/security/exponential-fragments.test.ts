import { expect, test } from 'vitest'
import { startServer } from '../support/testkit.ts'
import { attempt, refusal, TRANSPORTS } from './transports.ts'

/** Each spreads the next one twice: 2 to the power of their number, written out. */
function doubling(length: number): string {
  const fragments = Array.from(
    { length },
    (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
  )
  return `${fragments.join(' ')} fragment F${length} on Query { __typename }`
}

test.each(TRANSPORTS)('Fragments of fragments, 2⁹⁰ fields of them, are refused over %s', async (transport) => {
  const server = await startServer()

  const answer = await attempt(transport, server, { query: `{ ...F0 } ${doubling(90)}` })

  expect(answer).toMatchObject(refusal('selections', 500, Number.MAX_SAFE_INTEGER))
})

test.each(TRANSPORTS)('They are refused as well where nothing spreads them, over %s', async (transport) => {
  const server = await startServer()

  const answer = await attempt(transport, server, { query: `{ __typename } ${doubling(30)}` })

  expect(answer).toMatchObject(refusal('selections', 500))
})

test.each(TRANSPORTS)('So is a document of hundreds of them, over %s', async (transport) => {
  const server = await startServer()
  const fragments = Array.from({ length: 200 }, (_, index) => `fragment F${index} on Query { __typename }`)

  expect(await attempt(transport, server, { query: `{ ...F0 } ${fragments.join(' ')}` })).toMatchObject(
    refusal('definitions', 100, 201),
  )
})
