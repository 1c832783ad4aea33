import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { writePage } from '../simulation/scaling-page.ts'
import { simulate } from '../simulation/scenarios.ts'
import { keepCosts, readCosts, shortened } from './cluster-costs.ts'
import { lineChart } from './line-chart.ts'
import type { SuiteResult } from './suite.ts'
import { markdownTable, tableCells } from './table.ts'

const RESULTS = join(import.meta.dirname, '../results.json')
const DOCS = join(import.meta.dirname, '../../docs')
const PLOTS = join(DOCS, 'performance')
const PAGE = join(DOCS, 'PERFORMANCE.md')
const TABLE = /(<!-- table -->\n)[\s\S]*(\n<!-- \/table -->)/

/** The latest result of each suite, and what it was measured on. */
export type Results = Record<
  string,
  SuiteResult & { measured: { at: string; node: string; cpu: string; cores: number } }
>

/**
 * Keeps the results, the earlier ones of other suites included, and brings the plots, docs/PERFORMANCE.md and
 * docs/SCALING.md up to date.
 * @param order of the suites
 */
export function keepResults(taken: Record<string, SuiteResult>, order: string[]): void {
  const measured = {
    at: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
  }
  const results: Results = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Results) : {}
  for (const [name, { costs, ...result }] of Object.entries(taken)) {
    results[name] = { ...result, measured }
    if (!costs) continue
    keepCosts(costs)
    writePage(simulate(readCosts()))
  }
  writeFileSync(RESULTS, `${JSON.stringify(results, shortened, 2)}\n`)

  mkdirSync(PLOTS, { recursive: true })
  for (const { plots = [] } of Object.values(taken)) {
    for (const plot of plots) writeFileSync(join(PLOTS, plot.file), lineChart(plot))
  }
  const table = markdownTable(tableCells(order.flatMap((name) => results[name]?.rows ?? [])))
  const { cpu, cores, node } = measured
  const place = `Measured on ${cores} cores of ${cpu}, Node ${node}.`
  writeFileSync(PAGE, readFileSync(PAGE, 'utf8').replace(TABLE, `$1\n${table}\n\n${place}\n$2`))
}
