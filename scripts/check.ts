// npm run check: the tests, then what else must hold. The last line counts the tests alone.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../test/support/find-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'chatserver-check-'))
const reports = ['tests', 'tests-on-postgres', 'tests-without-sharing'].map((name) => join(folder, `${name}.json`))
const LIVE_TESTS = ['test/message/', 'test/realtime/', 'test/server/']
// Nothing in these listens.
const NOT_LIVE =
  'test/server/{client-address,connection-walks,cross-origin,graphql-over-http,refused-operations,security-headers,web-client}.test.ts'

// Where it has to be there, that step fails and says so.
const hasPostgres = findProgram('postgres') !== undefined || process.env['CI'] === 'true'
if (!hasPostgres) console.error('!!! NO TESTS ON POSTGRESQL: this machine has none; run scripts/prepare-machine.sh')

const vitest = (report: string | undefined, ...files: string[]) => [
  'node_modules/vitest/vitest.mjs',
  'run',
  ...files,
  '--reporter=default',
  '--reporter=json',
  `--outputFile=${report}`,
]

const steps: { name: string; run: string[]; env?: Record<string, string> }[] = [
  { name: 'build of the web client', run: ['scripts/build-web.ts'] },
  { name: 'tests', run: vitest(reports[0]) },
  ...(hasPostgres
    ? [{ name: 'the same on PostgreSQL', run: vitest(reports[1]), env: { TEST_DATABASE: 'postgresql' } }]
    : []),
  {
    name: 'what is live, each subscription executed by itself',
    run: vitest(reports[2], ...LIVE_TESTS, `--exclude=${NOT_LIVE}`),
    env: { SHARED_EXECUTION: 'off' },
  },
  { name: 'format and lint', run: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'] },
  { name: 'types', run: ['node_modules/typescript/bin/tsc'] },
  { name: 'types of the web client', run: ['node_modules/typescript/bin/tsc', '--project', 'web'] },
  { name: 'schema.graphql is up to date', run: ['scripts/print-schema.ts', '--check'] },
  { name: 'schema.graphql keeps to the rules', run: ['node_modules/eslint/bin/eslint.js', 'schema.graphql'] },
  { name: 'schema.graphql breaks nothing of the last release', run: ['scripts/released-schema.ts', '--check'] },
  { name: 'migrations lead to the data model', run: ['scripts/new-migration.ts', '--check'] },
]

const failed = steps.filter(({ name, run, env }) => {
  console.log(`\n— ${name}`)
  const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...run], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  return status !== 0
})

const tests = reports.filter((_, index) => index !== 1 || hasPostgres).map(countTests)
const passed = tests.reduce((sum, counted) => sum + counted.passed, 0)
const unpassed = tests.reduce((sum, counted) => sum + counted.failed, 0)
rmSync(folder, { recursive: true })
if (failed.length > 0) console.error(`\nFailed: ${failed.map(({ name }) => name).join(', ')}`)
console.log(`\n${passed} passed, ${unpassed} failed`)
process.exitCode = failed.length > 0 ? 1 : 0

/** A file that doesn't load has no tests to count, and counts as one that failed. */
function countTests(report: string): { passed: number; failed: number } {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    const unloaded = testResults.filter(
      ({ status, assertionResults }: { status: string; assertionResults: unknown[] }) =>
        status === 'failed' && assertionResults.length === 0,
    )
    return { passed: numPassedTests, failed: numFailedTests + unloaded.length }
  } catch {
    return { passed: 0, failed: 1 }
  }
}
