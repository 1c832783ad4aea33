import type { CodegenConfig } from '@graphql-codegen/cli'

/** Types for every operation written as graphql(`…`) in the tests, the way a client would get them. */
const config: CodegenConfig = {
  schema: './schema.graphql',
  documents: ['./test/**/*.ts'],
  ignoreNoDocuments: true,
  generates: {
    './test/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        strictScalars: true,
        scalars: { ID: 'string', DateTime: 'string', URL: 'string', Cursor: 'string' },
        useTypeImports: true,
        importExtension: '.ts',
      },
    },
  },
}

export default config
