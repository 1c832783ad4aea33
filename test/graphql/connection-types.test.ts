import { getNullableType, isListType, isObjectType } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { connectionFields } from './connection-fields.ts'

const connections = connectionFields().map((found) => ({ ...found, name: `${found.owner.name}.${found.field.name}` }))

// https://relay.dev/graphql/connections.htm
test.each(connections)('$name is a connection as Relay has it', ({ field, connection, edge }) => {
  const { edges, pageInfo } = connection.getFields()
  expect(String(pageInfo?.type)).toBe('PageInfo!')
  expect(edges && isListType(getNullableType(edges.type))).toBe(true)
  expect(edge.name).toMatch(/Edge$/)
  expect(String(edge.getFields()['cursor']?.type)).toBe('String!')
  expect(isListType(getNullableType(edge.getFields()['node']?.type))).toBe(false)

  const types = Object.fromEntries(field.args.map(({ name, type }) => [name, String(type)]))
  expect(types).toMatchObject({ first: 'Int', after: 'String' })
  // Backwards as well, or not at all.
  expect([types['last'], types['before']]).toEqual('last' in types ? ['Int', 'String'] : [undefined, undefined])
})

test('PageInfo is as Relay has it', () => {
  const type = schema.getType('PageInfo')
  const fields = isObjectType(type) ? Object.values(type.getFields()).map((field) => [field.name, `${field.type}`]) : []

  expect(Object.fromEntries(fields)).toEqual({
    hasNextPage: 'Boolean!',
    hasPreviousPage: 'Boolean!',
    startCursor: 'String',
    endCursor: 'String',
  })
})

test('nothing but connections is named as they are', () => {
  const named = Object.keys(schema.getTypeMap()).filter((name) => name.endsWith('Connection'))

  expect([...new Set(connections.map(({ connection }) => connection.name))].toSorted()).toEqual(named.toSorted())
})
