import { expect, test } from 'vitest'
import { startServer } from '../support/testkit.ts'
import { attempt, TRANSPORTS } from './transports.ts'

const ring = (length: number) =>
  Array.from({ length }, (_, index) => `fragment F${index} on User { id ...F${(index + 1) % length} }`).join(' ')

test.each(TRANSPORTS)('Fragments that contain themselves are refused over %s', async (transport) => {
  const server = await startServer()

  for (const query of [
    `{ viewer { ...F0 } } ${ring(1)}`,
    `{ viewer { ...F0 } } ${ring(99)}`,
    `{ __typename } ${ring(2)}`,
    '{ group(id: "1") { ...A } } fragment A on Group { lastMessage { conversation { ... on Group { ...A } } } }',
  ]) {
    const answer = await attempt(transport, server, { query })
    expect(answer).toMatchObject({
      errors: [
        {
          message: expect.stringMatching(/^The fragment \w+ contains itself/),
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ],
    })
    expect(answer.data).toBeUndefined()
  }
})
