import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/template-database.ts', 'test/support/postgres-cluster.ts'],
    isolate: false, // tests share nothing but modules, whose loading takes longer than most of them
    experimental: { viteModuleRunner: false }, // Node runs the tests as it runs the server
    testTimeout: 20_000, // ms: a slow machine's servers and password hashes, not a wait
  },
})
