// Writes src/generated: Prisma's client and Pothos' types, from prisma/schema.prisma.
import './require-node.mjs'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js')

const { status, stderr } = spawnSync(process.execPath, [prisma, 'generate', '--no-hints'], {
  encoding: 'utf8',
  env: {
    ...process.env,
    // Any existing file does: it keeps Prisma from downloading an engine that generating doesn't use.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
})
if (status !== 0) console.error(stderr)
process.exit(status ?? 1)
