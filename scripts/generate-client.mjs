// Writes src/generated: Prisma's clients and Pothos' types, from prisma/schema.prisma, and PostgreSQL's form of that.
import './require-node.mjs'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

// Once it is known that this Node takes TypeScript.
const { derivePostgresSchema, POSTGRES_SCHEMA } = await import('./postgres-schema.ts')

const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js')

writeFileSync(POSTGRES_SCHEMA, derivePostgresSchema())
for (const schema of ['prisma/schema.prisma', POSTGRES_SCHEMA]) {
  const { status, stderr } = spawnSync(process.execPath, [prisma, 'generate', '--no-hints', '--schema', schema], {
    encoding: 'utf8',
    env: {
      ...process.env,
      // Any existing file does: it keeps Prisma from downloading an engine that generating doesn't use.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  })
  if (status !== 0) {
    console.error(stderr)
    process.exit(status ?? 1)
  }
}
