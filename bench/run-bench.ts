// npm run bench: measures everything; npm run bench -- fan-out send: these suites. With --quick it is small and short, says
// little, and is not kept.
import { parseArgs } from 'node:util'
import { createLargeWorld } from './lib/large-world.ts'
import { findCores, mostOpenFiles, pinLoad } from './lib/machine.ts'
import { createWorkplace } from './lib/processes.ts'
import { keepResults } from './lib/results.ts'
import { FULL, QUICK } from './lib/scale.ts'
import type { Bench, SuiteResult } from './lib/suite.ts'
import { plainTable, tableCells } from './lib/table.ts'
import { createWorldMaker, type World } from './lib/world.ts'
import { suites } from './suites/suites.ts'

const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true })
const scale = values.quick ? QUICK : FULL
const unknown = positionals.filter((name) => !suites[name])
if (unknown.length > 0) {
  console.error(`No suite is named ${unknown.join(', ')}. There are ${Object.keys(suites).join(', ')}.`)
  process.exit(1)
}
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
  if (positionals.length > 0 && !positionals.includes(name)) continue
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
if (!values.quick) keepResults(results, Object.keys(suites))
process.exit()
