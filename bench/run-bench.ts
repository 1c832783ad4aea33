// npm run bench: measures everything; npm run bench -- fan-out send: these suites. With --quick it is small and short, says
// little, and is not kept.
import { Argument, Command } from 'commander'
import { readCommandLine } from '../scripts/read-command-line.ts'
import { createLargeWorld } from './lib/large-world.ts'
import { findCores, mostOpenFiles, pinLoad } from './lib/machine.ts'
import { createWorkplace } from './lib/processes.ts'
import { keepResults } from './lib/results.ts'
import { FULL, QUICK } from './lib/scale.ts'
import type { Bench, SuiteResult } from './lib/suite.ts'
import { plainTable, tableCells } from './lib/table.ts'
import { createWorldMaker, type World } from './lib/world.ts'
import { suites } from './suites/suites.ts'

const suiteNames = Object.keys(suites)
const commandLine = new Command('npm run bench --')
  .description('Measures the server against its limits, and brings docs/PERFORMANCE.md and docs/SCALING.md up to date.')
  .addArgument(new Argument('[suite...]', 'which; left out, all').choices(suiteNames))
  .option('--quick', 'small and short: says little, and is not kept', false)
const command = readCommandLine(commandLine)
const chosen = command.args
const { quick } = command.opts<{ quick: boolean }>()
const scale = quick ? QUICK : FULL
if (process.platform !== 'linux') {
  console.error('The bench reads CPU times from /proc, which only Linux has.')
  process.exit(1)
}

// A crowd on each of three servers at once, and some more.
const sockets = Math.max(scale.connections, 3 * Math.max(...scale.crowds)) + 500
if (mostOpenFiles() < sockets) {
  console.error(`A process may open ${mostOpenFiles()} files here, and the bench wants ${sockets}: raise ulimit -n.`)
  process.exit(1)
}

const cores = findCores()
if (cores) pinLoad(cores)
const workplace = createWorkplace(cores)
process.once('exit', workplace.clear)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

const createWorld = createWorldMaker(workplace.folder)
let large: Promise<World> | undefined
const startedAt = performance.now()

const results: Record<string, SuiteResult> = {}
for (const [name, suite] of Object.entries(suites)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const bench: Bench = {
    scale,
    workplace,
    createWorld,
    largeWorld() {
      large ??= createLargeWorld(createWorld, scale)
      return large
    },
    log(text) {
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0).padStart(3)
      console.error(`${seconds} s  ${name}: ${text}`)
    },
  }
  results[name] = await suite(bench)
}
console.log(plainTable(tableCells(Object.values(results).flatMap(({ rows }) => rows))))
if (!quick) keepResults(results, suiteNames)
process.exit()
