import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** What tests SQLite, or both databases, or needs none at all: a run on PostgreSQL leaves it out. */
const NOT_ON_POSTGRES = [
  'test/*.test.ts',
  'test/{admin,backup,bench,browser,chaos,clients,cluster,database,docs,graphql,moving,servers,supply-chain,support,terminal}/**',
  'test/**/*-plans.test.ts',
  'test/media/{interrupted,sweep-cost,sniff,trouble}.test.ts',
  // Refused before any database hears of it.
  'test/security/{alias,array,circular,compression,cross,deep,directive,exponential,field,header,huge,malformed,oversized,slow,upgrade}-*.test.ts',
  'test/fuzz/{malformed-frames,malformed-http,protocol-messages}.test.ts',
  'test/server/{client-address,cross-origin,graphiql,graphql-over-http,hidden-schema,security-headers,web-client}.test.ts',
  'test/server/{persisted-operations,refused-operations}.test.ts',
  // What is noted and counted of operations, and what guards them, is the same whatever they read.
  'test/auth/{access-tokens,passwords}.test.ts',
  'test/metrics/{readers,refusals}.test.ts',
  'test/server/{observed-requests,operation-log,zombies}.test.ts',
]

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: process.env['TEST_DATABASE'] === 'postgresql' ? NOT_ON_POSTGRES : [],
    globalSetup: ['template-database', 'postgres-cluster', 'printed-secrets'].map((name) => `test/support/${name}.ts`),
    maxWorkers: Math.max(2, availableParallelism() - 1), // much of what they do is to wait
    isolate: false, // tests share nothing but modules, whose loading takes longer than most of them
    experimental: { viteModuleRunner: false }, // Node runs the tests as it runs the server
    testTimeout: 20_000, // ms: a slow machine's servers and password hashes, not a wait
  },
})
