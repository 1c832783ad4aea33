import { type GraphQLField, type GraphQLNamedType, type GraphQLObjectType, getNamedType, isObjectType } from 'graphql'
import { schema } from '../../src/graphql/schema.ts'

/** A field that brings a page of a list. */
export interface ConnectionField {
  owner: GraphQLObjectType
  field: GraphQLField<unknown, unknown>
  connection: GraphQLObjectType
  edge: GraphQLObjectType
  node: GraphQLNamedType
}

/** Every connection of the schema, by the rule that its type's name ends so. */
export function connectionFields(): ConnectionField[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((owner) => Object.values(owner.getFields()).map((field) => ({ owner, field })))
    .flatMap(({ owner, field }) => {
      const connection = getNamedType(field.type)
      if (!isObjectType(connection) || !connection.name.endsWith('Connection')) return []
      const edge = typeOf(connection, 'edges') as GraphQLObjectType
      return [{ owner, field, connection, edge, node: typeOf(edge, 'node') }]
    })
}

function typeOf(type: GraphQLObjectType, name: string): GraphQLNamedType {
  const field = type.getFields()[name]
  if (!field) throw new Error(`${type.name} has no ${name}`)
  return getNamedType(field.type)
}
