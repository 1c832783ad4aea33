import { getIntrospectionQuery } from 'graphql'
import { expect, test } from 'vitest'
import { startServer } from '../support/testkit.ts'
import { attempt, refusal, TRANSPORTS } from './transports.ts'

const nest = (levels: number, field: string) => `${`${field} { `.repeat(levels)} name ${'}'.repeat(levels)}`

const nestedFields = `${'fields { type { '.repeat(3)} name ${'} }'.repeat(3)}`

test.each(TRANSPORTS)('Introspection of types within types is refused over %s', async (transport) => {
  const server = await startServer()

  const listed = await attempt(transport, server, { query: `{ __schema { types { ${nestedFields} } } }` })
  expect(listed).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })
  const deep = await attempt(transport, server, { query: `{ __type(name: "User") { ${nest(20, 'ofType')} } }` })
  expect(deep).toMatchObject(refusal('depth', 20, 22))
  const deepest = await attempt(transport, server, { query: `{ __type(name: "User") { ${'ofType{'.repeat(140_000)}` })
  expect(deepest).toMatchObject(refusal('tokens', 2_000))
})

test.each(TRANSPORTS)('The whole schema, many times at once, is refused over %s', async (transport) => {
  const server = await startServer()
  const whole = (index: number) => `a${index}: __schema { types { fields { type { name } args { name } } } }`
  const query = `{ ${Array.from({ length: 25 }, (_, index) => whole(index)).join(' ')} }`

  expect(await attempt(transport, server, { query })).toMatchObject(refusal('cost', 20_000))
})

test.each(TRANSPORTS)('The introspection of GraphiQL and of code generators is answered over %s', async (transport) => {
  const server = await startServer()
  const query = getIntrospectionQuery({
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  })

  expect(await attempt(transport, server, { query })).toMatchObject({
    data: { __schema: { types: expect.anything() } },
  })
})
