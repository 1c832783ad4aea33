import fc from 'fast-check'
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedOutputType,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isLeafType,
  isRequiredArgument,
  type OperationTypeNode,
} from 'graphql'
import { schema } from '../../src/graphql/schema.ts'
import { EnumValue, type Loot, valueFor } from './input-values.ts'
import { often } from './odd-text.ts'

export const ROOTS = ['query', 'mutation', 'subscription'] as const

export type Root = (typeof ROOTS)[number]

export interface Operation {
  query: string
  variables: Record<string, unknown>
}

type Field = GraphQLField<unknown, unknown>

/** What the schema has of queries, mutations or subscriptions. */
export function fieldsOf(root: Root): Field[] {
  return Object.values(schema.getRootType(root as OperationTypeNode)?.getFields() ?? {})
}

/** An operation that asks for one field, with any arguments, as literals or as variables. */
export function operationOn(root: Root, field: Field, loot: Loot): fc.Arbitrary<Operation> {
  const selections = [0, 1, 2, 3].flatMap((levels) => [
    selectionOf(field.type, { levels, isSparse: false, loot }),
    // One field that fails takes the others with it, so that few tell more.
    selectionOf(field.type, { levels, isSparse: true, loot }),
  ])
  return fc
    .tuple(argumentsOf(field.args, field.name, loot), fc.boolean(), fc.oneof(...selections))
    .map(([given, inVariables, selection]) => {
      if (!inVariables) return { query: `${root} { ${field.name}${literals(given)} ${selection} }`, variables: {} }
      const types = new Map(field.args.map(({ name, type }) => [name, type]))
      const names = Object.keys(given)
      const declared = names.map((name) => `$${name}: ${types.get(name)}`).join(' ')
      const passed = names.map((name) => `${name}: $${name}`).join(' ')
      const inParentheses = (text: string) => (text ? `(${text})` : '')
      return {
        query: `${root} ${inParentheses(declared)} { ${field.name}${inParentheses(passed)} ${selection} }`,
        variables: given,
      }
    })
}

function argumentsOf(
  args: readonly GraphQLArgument[],
  place: string,
  loot: Loot,
): fc.Arbitrary<Record<string, unknown>> {
  const values = args.map(({ name, type }) => [name, valueFor(type, `${place}.${name}`, loot)])
  return fc.record<Record<string, unknown>>(Object.fromEntries(values)).map(withoutUndefined)
}

interface SelectionOptions {
  /** How many things deep; what wraps them, as a list does, is no level. */
  levels: number
  /** Whether little of each is selected, instead of most. */
  isSparse: boolean
  loot: Loot
}

function selectionOf(type: GraphQLOutputType, options: SelectionOptions): fc.Arbitrary<string> {
  const named = getNamedType(type)
  if (isLeafType(named)) return fc.constant('')
  const kinds = isAbstractType(named) ? [named, ...schema.getPossibleTypes(named)] : [named]
  const fragments = kinds.map((kind) =>
    fieldSelections(kind, options).map((fields) => `... on ${kind.name} { ${fields} }`),
  )
  return fc.tuple(...fragments).map((parts) => `{ __typename ${parts.join(' ')} }`)
}

function fieldSelections(type: GraphQLNamedOutputType, options: SelectionOptions): fc.Arbitrary<string> {
  const { levels, isSparse, loot } = options
  const fields = 'getFields' in type ? (Object.values(type.getFields()) as Field[]) : []
  const isWrapping = /(Connection|Edge|Payload|Event)$/.test(type.name)
  const below = isWrapping ? levels : levels - 1
  const chosen = fields
    .filter((field) => isLeafType(getNamedType(field.type)) || below >= 0)
    .map((field) => {
      const given = argumentsOf(field.args, `${type.name}.${field.name}`, loot)
      // Rarely any, since one that is wrong spoils the whole document.
      const fewGiven = field.args.some(isRequiredArgument) ? given : often(12, fc.constant({}), given)
      const selected = fc
        .tuple(fewGiven, selectionOf(field.type, { ...options, levels: below }))
        // An alias, since fields of one name may differ between the types of an interface.
        .map(([given, selection]) => `${type.name}_${field.name}: ${field.name}${literals(given)} ${selection}`)
      return isSparse && !isWrapping ? often(2, fc.constant(''), selected) : often(4, selected, fc.constant(''))
    })
  return fc.tuple(fc.constant('__typename'), ...chosen).map((selections) => selections.join(' '))
}

function literals(given: Record<string, unknown>): string {
  const pairs = Object.entries(given).map(([name, value]) => `${name}: ${literal(value)}`)
  return pairs.length > 0 ? `(${pairs.join(' ')})` : ''
}

function literal(value: unknown): string {
  if (value instanceof EnumValue) return value.name
  if (Array.isArray(value)) return `[${value.map(literal).join(' ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([name, held]) => /^[_a-zA-Z]\w*$/.test(name) && held !== undefined)
  return `{${fields.map(([name, held]) => `${name}: ${literal(held)}`).join(' ')}}`
}

function withoutUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}
