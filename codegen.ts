import type { CodegenConfig } from '@graphql-codegen/cli'

/** Types for every operation written as graphql(`…`) in a folder, the way that any client would get them. */
function typesOf(folder: string): CodegenConfig['generates'] {
  return {
    [`./${folder}/generated/`]: {
      documents: [`./${folder}/**/*.ts`],
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
  }
}

const config: CodegenConfig = {
  schema: './schema.graphql',
  ignoreNoDocuments: true,
  generates: { ...typesOf('terminal'), ...typesOf('test') },
}

export default config
