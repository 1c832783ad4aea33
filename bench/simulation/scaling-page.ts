import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { markdownTable } from '../lib/table.ts'
import { counterTable, hotGroupTable, reconnectTable } from './breaking-tables.ts'
import { aloneTable, arithmeticTable, carriesTable, holdTable, togetherTable } from './cost-tables.ts'
import type { Findings } from './scenarios.ts'

const PAGE = join(import.meta.dirname, '../../docs/SCALING.md')

/** The tables of docs/SCALING.md, by the markers between which they stand. */
export function scalingTables(findings: Findings): Record<string, string[][]> {
  return {
    alone: aloneTable(findings),
    together: togetherTable(findings),
    holds: holdTable(findings),
    carries: carriesTable(findings),
    arithmetic: arithmeticTable(findings),
    counter: counterTable(findings),
    'hot-group': hotGroupTable(findings),
    reconnect: reconnectTable(findings),
  }
}

export function readPage(): string {
  return readFileSync(PAGE, 'utf8')
}

/** The page with these findings in its tables. @throws Error where it has no place for one */
export function withFindings(page: string, findings: Findings): string {
  const texts = Object.entries(scalingTables(findings)).map(([name, cells]) => [name, markdownTable(cells)] as const)
  return [...texts, ['place', placeOf(findings)] as const].reduce((text, [name, content]) => {
    const between = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*(\n<!-- /${name} -->)`)
    if (!between.test(text)) throw new Error(`docs/SCALING.md has no place for ${name}`)
    return text.replace(between, (_all, start: string, end: string) => `${start}\n${content}\n${end}`)
  }, page)
}

function placeOf({ costs: { measured } }: Findings): string {
  const { at, node, cpu, cores, load } = measured
  return `Measured on ${at.slice(0, 10)} on ${cores} cores of ${cpu}, Node ${node}, on which ${load.toFixed(1)} other processes wanted a core.`
}

export function writePage(findings: Findings): void {
  writeFileSync(PAGE, withFindings(readPage(), findings))
}
