import { describe, test } from 'vitest'
import { findProgram } from './find-program.ts'

/** What some tests need beyond npm, and scripts/prepare-machine.sh installs: any of these programs. */
export const PROGRAMS = {
  redis: ['redis-server', 'valkey-server'],
  postgres: ['postgres'],
  haproxy: ['haproxy'],
  nginx: ['nginx'],
  openssl: ['openssl'],
  caddy: ['caddy'],
  chromium: ['chromium', 'chromium-browser', 'google-chrome'],
  curl: ['curl'],
  jq: ['jq'],
  terminal: ['script'],
} as const

export type Need = keyof typeof PROGRAMS

type Find = (need: Need) => string | undefined
type Suite = (name: string, tests: () => void) => void

const told = new Set<string>()

/** The program that meets the need, if this machine has it. */
export function findNeed(need: Need): string | undefined {
  return findProgram(...PROGRAMS[need])
}

/** @throws Error where the machine doesn't have it */
export function foundOrThrow(need: Need): string {
  const path = findNeed(need)
  if (!path) throw new Error(advice([need]))
  return path
}

/** `describe` for tests that need all of these: `needs('redis', 'postgres')('two nodes', () => { … })`. */
export function needs(...all: Need[]): Suite {
  return suiteFor(all, { find: findNeed, isCi: isTrue(process.env['CI']) })
}

/** Runs the tests where all is found; skips them, and says so once, where not; on CI they fail then. */
export function suiteFor(all: Need[], { find, isCi }: { find: Find; isCi: boolean }): Suite {
  const missing = all.filter((need) => !find(need))
  if (missing.length === 0) return describe
  const line = advice(missing)
  if (isCi) {
    return (name) =>
      test(name, () => {
        throw new Error(line)
      })
  }
  if (!told.has(line)) process.stderr.write(`\n!!! TESTS SKIPPED: ${line}\n\n`)
  told.add(line)
  return describe.skipIf(true)
}

function advice(missing: Need[]): string {
  return `this machine has no ${missing.join(', no ')}; run scripts/prepare-machine.sh`
}

function isTrue(value: string | undefined): boolean {
  return value === 'true' || value === '1'
}
