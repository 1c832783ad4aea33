import type { CodegenConfig } from '@graphql-codegen/cli'

const TYPES = {
  strictScalars: true,
  scalars: { ID: 'string', DateTime: 'string', URL: 'string', Cursor: 'string' },
  useTypeImports: true,
  importExtension: '.ts',
} as const

/** Types for every operation written as graphql(`…`), in the tests and in the web client. */
const config: CodegenConfig = {
  schema: './schema.graphql',
  ignoreNoDocuments: true,
  generates: {
    './test/generated/': {
      documents: ['./test/**/*.ts'],
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { documentMode: 'string', ...TYPES },
    },
    './web/src/generated/': {
      documents: ['./web/src/**/*.{ts,tsx}'],
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { enumsAsTypes: true, ...TYPES },
    },
  },
}

export default config
