// Writes the clients' operations for the server, and the folders called generated of the tests and the clients: the
// types of their operations, from schema.graphql.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeClientOperations } from './client-operations.ts'

const ROOT = join(import.meta.dirname, '..')

await writeClientOperations()

// An installation without the development dependencies has nothing to generate with, and runs no tests.
if (existsSync(join(ROOT, 'node_modules/@graphql-codegen/cli'))) {
  const { generate } = await import('@graphql-codegen/cli')
  const { default: config } = await import('../codegen.ts')
  await generate({ ...config, cwd: ROOT, silent: true }, true).catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
