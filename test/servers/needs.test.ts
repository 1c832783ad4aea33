import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PROGRAMS } from '../support/needs.ts'
import { temporaryFolder } from '../support/testkit.ts'

const VITEST = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs')
const CONFIG = join(import.meta.dirname, 'missing-servers.config.ts')
const ADVICE = /has no redis, no haproxy; run scripts\/prepare-machine\.sh/g

/** Runs the suites of a machine that has neither Redis nor HAProxy. */
async function runThere(ci: '' | 'true') {
  const report = join(await temporaryFolder(), 'report.json')
  const args = [VITEST, 'run', '--config', CONFIG, '--reporter=json', `--outputFile=${report}`]
  const env = { ...process.env, CI: ci }
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
  const text = await readFile(report, 'utf8')
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(text)
  return {
    output: stdout + stderr,
    report: text,
    counts: { status, passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests },
  }
}

test('What tests need is what scripts/prepare-machine.sh installs', async () => {
  const script = await readFile(join(import.meta.dirname, '../../scripts/prepare-machine.sh'), 'utf8')
  const installed = script.matchAll(/^install (?:'[^']+'|\S+) (?:'([^']+)'|(\S+)) /gm)
  const programs = [...installed].map(([, several, one]) => several ?? one)

  expect(programs.toSorted()).toEqual(
    Object.values(PROGRAMS)
      .map((any) => any.join(' '))
      .toSorted(),
  )
})

describe('tests that need what the machine has not', () => {
  test('are skipped with one line that says what to do, and the others run', async () => {
    const { output, counts } = await runThere('')
    expect(counts).toEqual({ status: 0, passed: 1, failed: 0, skipped: 2 })
    expect(output.match(ADVICE)).toHaveLength(1)
    expect(output).toMatch(/^!!! TESTS SKIPPED: this machine has no redis/m)
  })

  test('fail on CI, saying the same', async () => {
    const { report, counts } = await runThere('true')
    expect(counts).toEqual({ status: 1, passed: 1, failed: 2, skipped: 0 })
    expect(report).not.toContain('The test has run')
    expect(report).toMatch(ADVICE)
  })
})
