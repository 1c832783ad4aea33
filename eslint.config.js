// What the schema promises by its form: biome lints the code, and knows no rules for schemas.
import graphql from '@graphql-eslint/eslint-plugin'

const { rules: recommended } = graphql.configs['flat/schema-recommended']
const { rules: relay } = graphql.configs['flat/schema-relay']

export default [
  {
    files: ['schema.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: './schema.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...recommended,
      ...relay,
      // Search goes forwards alone: what is found is in no order that could be read from its end.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      // A few short lists have no pages; and a member is a place in a conversation, nothing by itself.
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: false }],
      // What isn't refetched has no id: it belongs to what is.
      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          exceptions: {
            types: ['PageInfo', 'Member', 'MessageEvent', 'Reaction', 'Typing'],
            suffixes: ['Payload', 'Connection', 'Edge', 'Mark'],
          },
        },
      ],
      // `User.username` and `Typing.typing` are what clients know.
      '@graphql-eslint/no-typename-prefix': 'off',
    },
  },
]
