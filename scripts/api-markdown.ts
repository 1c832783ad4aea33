import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql'
import type { Example } from './api-examples.ts'
import type { Refusal } from './story-requests.ts'
import type { Told } from './tell-story.ts'

const PAGING = ['first', 'after', 'last', 'before']
const OF_EVERY_CONNECTION = 'edges pageInfo'
const OF_EVERY_EDGE = 'cursor node'

/**
 * The API as a Markdown page: the introduction, each operation with its example, then the types.
 * @param told what became of the examples; the first one for an operation is shown
 * @param refused what became of those that are refused
 */
export function printApi(
  schema: GraphQLSchema,
  introduction: string,
  told: Map<Example, Told>,
  refused: Map<Example, Told>,
): string {
  const refusals = Map.groupBy(refused, ([{ field }]) => field)
  const byField = Map.groupBy(told.keys(), ({ field }) => field)
  const sections = Map.groupBy(
    [...byField.values()].flatMap(([first]) => first ?? []),
    ({ section }) => section,
  )
  const chapters = [...sections].map(([section, examples]) => ({
    title: section,
    entries: examples.map(({ kind, field }) => `${kind} ${field}`),
    text: examples
      .map((example) => {
        const errors = (refusals.get(example.field) ?? []).flatMap(([, { error }]) => error ?? [])
        return describeOperation(schema, example, told.get(example), errors)
      })
      .join('\n'),
  }))
  const types = Object.values(schema.getTypeMap()).filter(isWorthTelling(schema))
  chapters.push({
    title: 'Types',
    entries: types.map(({ name }) => name),
    text: types
      .map((type) => [`### ${type.name}\n`, `${type.description}\n`, ...contentOf(type)].join('\n'))
      .join('\n'),
  })
  const contents = chapters.map(({ title, entries }) => {
    const links = entries.map((entry) => `[${entry.split(' ').at(-1)}](#${anchor(entry)})`)
    return `- [${title}](#${anchor(title)}): ${links.join(', ')}`
  })
  const body = chapters.map(({ title, text }) => `## ${title}\n\n${text}`)
  return `${introduction}\n## Contents\n\n${contents.join('\n')}\n\n${body.join('\n')}`
}

function describeOperation(
  schema: GraphQLSchema,
  { kind, field, text, asker }: Example,
  told: Told | undefined,
  errors: Refusal[],
): string {
  const definition = schema.getRootType(kind)?.getFields()[field]
  if (!definition) throw new Error(`docs/api/examples.graphql: there is no ${kind} ${field}`)
  const { description, args, type } = definition
  const variables = Object.keys(told?.variables ?? {}).length > 0
  return [
    `### ${kind} ${field}\n`,
    `${description} Gives ${linked(String(type))}.\n`,
    ...argumentsOf(args),
    ...errorsOf(errors),
    `${asker === 'anyone' ? 'Without a token' : `As ${asker}`}${variables ? `, with ${json(told?.variables, 0)}` : ''}:\n`,
    `\`\`\`graphql\n${text}\n\`\`\`\n`,
    `\`\`\`json\n${json({ data: told?.answer }, 2)}\n\`\`\`\n`,
  ].join('\n')
}

/** Of a mutation's only one, the input, what it holds. */
function argumentsOf(args: readonly GraphQLArgument[]): string[] {
  const [first] = args
  const input = first?.name === 'input' ? getNamedType(first.type) : undefined
  const rows = isInputObjectType(input) ? Object.values(input.getFields()) : args
  return rows.length === 0 ? [] : [table(isInputObjectType(input) ? 'input' : 'argument', rows)]
}

function errorsOf(errors: Refusal[]): string[] {
  const rows = errors.map(({ message, extensions: { code, field } }) => {
    return `| \`${code}\` | ${field ? `\`${field}\`` : ''} | ${cell(message)} |`
  })
  return rows.length === 0
    ? []
    : [`| error | field | for example |\n| --- | --- | --- |\n${[...new Set(rows)].join('\n')}\n`]
}

function isWorthTelling(schema: GraphQLSchema) {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  return (type: GraphQLNamedType) => {
    if (type.name.startsWith('__') || isSpecifiedScalarType(type) || roots.some((root) => root === type)) return false
    if (isInputObjectType(type)) return type.name === 'UserRef' // the others stand with their mutations
    if (!isObjectType(type) || !/Connection(Edge)?$/.test(type.name)) return true
    return ![OF_EVERY_CONNECTION, OF_EVERY_EDGE].includes(Object.keys(type.getFields()).sort().join(' '))
  }
}

function contentOf(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) {
    const rows = type.getValues().map(({ name, description }) => `| \`${name}\` | ${cell(description)} |`)
    return [`| value | |\n| --- | --- |\n${rows.join('\n')}\n`]
  }
  if (isUnionType(type)) {
    const names = type.getTypes().map(({ name }) => linked(name))
    return [`One of ${names.join(', ')}.\n`]
  }
  return 'getFields' in type ? [table('field', Object.values(type.getFields()))] : []
}

type Row = GraphQLArgument | GraphQLInputField | GraphQLField<unknown, unknown>

function table(title: string, rows: readonly Row[]): string {
  const isPaged = rows.some(({ name }) => name === 'before')
  const shown = rows.filter(({ name }) => !isPaged || !PAGING.includes(name))
  const lines = shown.map(
    (row) => `| \`${row.name}\`${paged(row)} | ${linked(String(row.type))} | ${cell(row.description)} |`,
  )
  if (isPaged)
    lines.push(`| ${PAGING.map((name) => `\`${name}\``).join(', ')} | | Which part of the list: see [lists](#lists). |`)
  return `| ${title} | type | |\n| --- | --- | --- |\n${lines.join('\n')}\n`
}

function paged(row: Row): string {
  const names = 'args' in row ? row.args.map(({ name }) => name) : []
  return names.length === 0 ? '' : `(${names.join(', ')})`
}

/** A type, linked to what this page says of it. */
function linked(type: string): string {
  const name = type.replaceAll(/[[\]!]/g, '')
  const isTold = !/Connection(Edge)?$|Input$|^(ID|String|Int|Float|Boolean)$/.test(name)
  return isTold ? `[\`${type}\`](#${anchor(name)})` : `\`${type}\``
}

function cell(text: string | null | undefined): string {
  return (text ?? '').replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')
}

function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll(' ', '-')
}

function json(value: unknown, indent: number): string {
  const text = JSON.stringify(value, null, indent)
  return indent === 0 ? `\`${text}\`` : text
}
