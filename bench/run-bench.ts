// npm run bench: measures all suites; npm run bench -- fan-out send: these. With --quick: small, to try it out.
import { parseArgs } from 'node:util'
import { findCores, pinLoad } from './lib/cores.ts'
import { createWorkplace } from './lib/processes.ts'
import type { Row } from './lib/row.ts'
import { FULL, QUICK } from './lib/scale.ts'
import { plainTable, tableCells } from './lib/table.ts'
import { createWorldMaker } from './lib/world.ts'
import { suites } from './suites/suites.ts'

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const unknown = positionals.filter((name) => !suites[name])
if (unknown.length > 0) {
  console.error(`No suite named ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}`)
  process.exit(1)
}

const cores = findCores()
const workplace = createWorkplace(cores)
process.once('exit', workplace.clear)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
if (cores) pinLoad(cores)

const rows: Row[] = []
for (const [name, suite] of Object.entries(suites)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const log = (text: string) => console.error(`${name}: ${text}`)
  const result = await suite({
    scale: values.quick ? QUICK : FULL,
    workplace,
    createWorld: createWorldMaker(workplace.folder),
    log,
  })
  rows.push(...result.rows)
}
if (process.env['DUMP'])
  for (const row of rows)
    console.log(row.what, row.ours.map((n) => n.toFixed(1)).join(' '), '/', row.peer.map((n) => n.toFixed(1)).join(' '))
console.log(plainTable(tableCells(rows)))
process.exit()
