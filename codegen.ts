import type { CodegenConfig } from '@graphql-codegen/cli'

const TYPES = {
  strictScalars: true,
  scalars: { ID: 'string', DateTime: 'string', URL: 'string', Cursor: 'string' },
  useTypeImports: true,
  importExtension: '.ts',
} as const

/** Types for every operation written as graphql(`…`) in a folder, the way that any client would get them. */
function typesOf(folder: string, config: object): CodegenConfig['generates'] {
  return {
    [`./${folder}/generated/`]: {
      documents: [`./${folder}/**/*.{ts,tsx}`],
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { ...TYPES, ...config },
    },
  }
}

const config: CodegenConfig = {
  schema: './schema.graphql',
  ignoreNoDocuments: true,
  generates: {
    ...typesOf('terminal', { documentMode: 'string' }),
    ...typesOf('test', { documentMode: 'string' }),
    ...typesOf('web/src', { enumsAsTypes: true }),
  },
}

export default config
