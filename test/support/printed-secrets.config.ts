import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['printed-secrets.fixture.ts'],
    globalSetup: ['printed-secrets.ts'],
    experimental: { viteModuleRunner: false },
  },
})
