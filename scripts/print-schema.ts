// npm run generate: writes schema.graphql from the code-first schema.
// With --check: fails where the file has fallen behind.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from '../src/graphql/schema.ts'

const path = join(import.meta.dirname, '../schema.graphql')
const printed = `${printSchema(lexicographicSortSchema(schema))}\n`

if (!process.argv.includes('--check')) {
  await writeFile(path, printed)
} else if ((await readFile(path, 'utf8').catch(() => '')) !== printed) {
  console.error('schema.graphql is not what the code says: npm run generate')
  process.exitCode = 1
}
