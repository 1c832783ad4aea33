// npm run soak: the tests that try hard to break it, with large sizes, and a report. It takes about five
// minutes; npm run soak -- --minutes 20 for longer.
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { startVitest, type TestCase } from 'vitest/node'
import type {} from '../test/support/report.ts'
import { readCommandLine } from './read-command-line.ts'

/** What looks at the size of a run. */
const LONG_TESTS = [
  'test/chaos/',
  'test/cluster/',
  'test/fuzz/',
  'test/server/zombies',
  'test/message/query-then-subscribe',
]

const commandLine = new Command('npm run soak --')
  .description('Runs the tests that try hard to break the server, with large sizes, and reports.')
  .option('--minutes <number>', 'how long, about', positive, 5)
const { minutes } = readCommandLine(commandLine).opts<{ minutes: number }>()
process.env['SOAK_MINUTES'] = String(minutes)

const longest = (10 + 2 * minutes) * 60_000 // ms
const startedAt = Date.now()
const vitest = await startVitest(LONG_TESTS, {
  root: join(import.meta.dirname, '..'),
  watch: false,
  fileParallelism: false, // each has the machine to itself
  reporters: ['verbose'],
  testTimeout: longest,
  hookTimeout: longest,
})
const tests = vitest.state.getTestModules().flatMap((module) => [...module.children.allTests()])
await vitest.close()

console.log(`\nA soak of ${((Date.now() - startedAt) / 60_000).toFixed(1)} minutes`)
for (const test of tests) print(test)
const failed = tests.filter((test) => test.result().state === 'failed').length
console.log(`\n${tests.length - failed} passed, ${failed} failed`)

function positive(text: string): number {
  if (Number(text) > 0) return Number(text)
  throw new InvalidArgumentError('It must be a number above 0.')
}

function print(test: TestCase): void {
  const { report } = test.meta()
  if (!report && test.result().state === 'passed') return
  console.log(`\n${test.result().state}: ${test.name}`)
  for (const [name, figure] of Object.entries(report ?? {})) console.log(`  ${name.padEnd(28)} ${figure}`)
}
