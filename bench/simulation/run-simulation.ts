// npm run simulate: finds from the costs in costs.json where a cluster breaks, and brings docs/SCALING.md up to date.
import { readCosts } from '../lib/cluster-costs.ts'
import { plainTable } from '../lib/table.ts'
import { scalingTables, writePage } from './scaling-page.ts'
import { simulate } from './scenarios.ts'

const findings = simulate(readCosts())
for (const [name, cells] of Object.entries(scalingTables(findings))) console.log(`\n${name}\n\n${plainTable(cells)}`)
writePage(findings)
