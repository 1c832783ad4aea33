// npm run check: the tests, then what else must hold. The last line counts the tests alone.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'chatserver-check-'))
const report = join(folder, 'tests.json')

const steps: [name: string, file: string, ...args: string[]][] = [
  ['tests', 'node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile=${report}`],
  ['format and lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
  ['types', 'node_modules/typescript/bin/tsc'],
  ['schema.graphql is up to date', 'scripts/print-schema.ts', '--check'],
  ['migrations lead to the data model', 'scripts/new-migration.ts', '--check'],
]

const failed = steps.filter(([name, file, ...args]) => {
  console.log(`\n— ${name}`)
  const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return status !== 0
})

const tests = countTests()
rmSync(folder, { recursive: true })
if (failed.length > 0) console.error(`\nFailed: ${failed.map(([name]) => name).join(', ')}`)
console.log(`\n${tests.passed} passed, ${tests.failed} failed`)
process.exitCode = failed.length > 0 ? 1 : 0

/** A file that doesn't load has no tests to count, and counts as one that failed. */
function countTests(): { passed: number; failed: number } {
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
