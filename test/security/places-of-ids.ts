import {
  type GraphQLArgument,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  OperationTypeNode,
} from 'graphql'
import { schema } from '../../src/graphql/schema.ts'

/** A place of an id in the arguments of an operation. */
export interface Place {
  operation: string
  root: string
  /** As `input.user.id`; `*` is an element of a list. */
  path: string
  query: string
  /** What else is needed, and the id put there. */
  variables(id: string): Record<string, unknown>
}

/** What the attacker has a right to. */
export interface Own {
  groupId: string
  messageId: string
  username: string
}

/** Every id in the arguments of every operation that there is, each with all other arguments in order. */
export function placesOfIds(own: Own): Place[] {
  return Object.values(OperationTypeNode).flatMap((root) => {
    const fields = Object.values(schema.getRootType(root)?.getFields() ?? {})
    return fields.flatMap(({ name: operation, args, type }) => {
      const declared = args.map(({ name, type }) => `$${name}: ${type}`).join(' ')
      const passed = args.map(({ name }) => `${name}: $${name}`).join(' ')
      const selection = isLeafType(getNamedType(type)) ? '' : '{ __typename }'
      const query = `${root} (${declared}) { ${operation}(${passed}) ${selection} }`
      return pathsOfIds(args).map((path) => ({
        operation,
        root,
        path,
        query,
        variables: (id) => objectOf(args, { own, path: path.split('.'), id }),
      }))
    })
  })
}

type InputField = Pick<GraphQLArgument, 'name' | 'type'>

function pathsOfIds(fields: readonly InputField[]): string[] {
  return fields.flatMap(({ name, type }) => pathsIn(type).map((path) => (path ? `${name}.${path}` : name)))
}

function pathsIn(type: GraphQLInputType): string[] {
  const nullable = getNullableType(type)
  if (isListType(nullable)) return pathsIn(nullable.ofType).map((path) => (path ? `*.${path}` : '*'))
  if (isInputObjectType(nullable)) return pathsOfIds(Object.values(nullable.getFields()))
  return nullable.toString() === 'ID' ? [''] : []
}

interface Filling {
  own: Own
  /** To where the id goes; empty where this isn't on its way. */
  path: string[]
  id: string
}

function objectOf(fields: readonly InputField[], { path, ...filling }: Filling): Record<string, unknown> {
  const values = fields.map(({ name, type }) => {
    const isOnTheWay = path[0] === name
    const isNeeded = type.toString().endsWith('!') || NEEDED.has(name)
    if (!isOnTheWay && !isNeeded) return []
    return [[name, inputFor(name, type, { ...filling, path: isOnTheWay ? path.slice(1) : ['elsewhere'] })]]
  })
  return Object.fromEntries(values.flat())
}

/** What no type asks for, and the operation does. */
const NEEDED = new Set(['content'])

function inputFor(name: string, type: GraphQLInputType, filling: Filling): unknown {
  const nullable = getNullableType(type)
  const { own, path, id } = filling
  if (isListType(nullable)) return [inputFor(name, nullable.ofType, { ...filling, path: path.slice(1) })]
  if (isInputObjectType(nullable)) {
    if (nullable.isOneOf && path[0] !== 'id') return { username: own.username }
    return objectOf(Object.values(nullable.getFields()), filling)
  }
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name
  switch (nullable.toString()) {
    case 'ID':
      return path.length === 0 ? id : name === 'messageId' ? own.messageId : own.groupId
    case 'Int':
      return 1
    case 'Boolean':
      return true
    default:
      return name === 'emoji' ? '👍' : 'words'
  }
}
