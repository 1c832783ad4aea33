import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const PRISMA_FOLDER = join(import.meta.dirname, '../prisma')

export const POSTGRES_SCHEMA = join(PRISMA_FOLDER, 'postgres/schema.prisma')

/** The data model as PostgreSQL has it: Prisma takes the provider from nowhere but the schema. */
export function derivePostgresSchema(): string {
  const [, datasourceAndModels = ''] = readFileSync(join(PRISMA_FOLDER, 'schema.prisma'), 'utf8').split(
    /^(?=datasource )/m,
  )
  const models = datasourceAndModels
    .replace('provider = "sqlite"', 'provider = "postgresql"')
    // Without a time zone, a time would mean something else on each machine.
    .replaceAll(/^( +\w+ +DateTime\??)/gm, '$1 @db.Timestamptz(3)')
  return `// Derived from ../schema.prisma by npm run generate.

generator client {
  provider               = "prisma-client"
  output                 = "../../src/generated/prisma-postgres"
  runtime                = "nodejs"
  moduleFormat           = "esm"
  generatedFileExtension = "ts"
  importFileExtension    = "ts"
}

${models}`
}
