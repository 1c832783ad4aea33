import { buildSchema, validate } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import { expect, test } from 'vitest'
import { useDocumentCache } from '../../src/graphql/document-cache.ts'

function newYoga() {
  const validated: string[] = []
  const noting: Plugin = {
    onValidate({ setValidationFn }) {
      const validateNoting: typeof validate = (schema, document, ...rest) => {
        validated.push(document.loc?.source.body ?? '')
        return validate(schema, document, ...rest)
      }
      setValidationFn(validateNoting)
    },
  }
  const yoga = createYoga({
    schema: buildSchema('type Query { viewer: ID }'),
    parserAndValidationCache: false,
    logging: false,
    plugins: [noting, useDocumentCache()],
  })
  async function ask(query: string): Promise<unknown> {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ query })
    return (await yoga.fetch('http://localhost/graphql', { method: 'POST', headers, body })).json()
  }
  return { ask, validated }
}

test('What is valid is validated once', async () => {
  const { ask, validated } = newYoga()
  for (let time = 0; time < 3; time++) expect(await ask('{ viewer }')).toEqual({ data: { viewer: null } })
  expect(validated).toEqual(['{ viewer }'])
})

test('What is wrong is not kept, and told each time', async () => {
  const { ask, validated } = newYoga()
  for (let time = 0; time < 2; time++) expect(await ask('{ stranger }')).toHaveProperty('errors')
  expect(validated).toEqual(['{ stranger }', '{ stranger }'])
})

test('Large operations displace those that were not asked for the longest', async () => {
  const { ask, validated } = newYoga()
  await ask('{ viewer }')
  for (let number = 0; number < 3; number++) await ask(`{ viewer } #${number}${'.'.repeat(100_000)}`)
  await ask('{ viewer }')
  expect(validated.filter((text) => text === '{ viewer }')).toHaveLength(2)
})
