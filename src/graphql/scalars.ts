import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql'

/** A scalar that travels as a string; `parse` throws an Error that says what is wrong. */
function stringScalar<T>(
  name: string,
  description: string,
  parse: (text: string) => T,
  serialize: (value: T) => string,
) {
  const parseValue = (value: unknown, node?: ValueNode) => {
    try {
      if (typeof value === 'string') return parse(value)
    } catch {}
    throw new GraphQLError(`${name}: ${description}`, {
      ...(node && { nodes: node }),
      extensions: { code: 'BAD_USER_INPUT' },
    })
  }
  return new GraphQLScalarType<T, string>({
    name,
    description,
    serialize: (value) => serialize(value as T),
    parseValue: (value) => parseValue(value),
    parseLiteral: (node) => parseValue(node.kind === Kind.STRING ? node.value : undefined, node),
  })
}

export const dateTimeScalar = stringScalar(
  'DateTime',
  'An instant, ISO 8601 in UTC with milliseconds.',
  (text) => {
    const date = new Date(text)
    // Others have a sign, or are no year to PostgreSQL.
    if (!/^(?!0000)\d{4}-/.test(date.toISOString())) throw new Error('not of the years 1 to 9999')
    return date
  },
  (date: Date) => date.toISOString(),
)

const LONGEST_URL = 2_048 // characters

export const urlScalar = stringScalar(
  'URL',
  'An absolute http(s) URL.',
  (text) => {
    const { protocol, href } = new URL(text)
    if (!/^https?:$/.test(protocol) || href.length > LONGEST_URL) throw new Error('not http(s), or too long')
    return href
  },
  (url: string) => url,
)

export const cursorScalar = stringScalar(
  'Cursor',
  'An opaque position in the log of changes. Whoever holds a cursor can resume from it and gets every later change once, in order.',
  (text) => text,
  (cursor: string) => cursor,
)
