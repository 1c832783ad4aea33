import { median } from './rounds.ts'
import { type Comparison, figureOf, type Row, verdictOf } from './row.ts'

const HEADER = ['what', 'ours', 'against', 'its figure', 'comparison', 'reach', 'beyond', 'verdict']

/** The cells of the report's table, its header first. Figures are medians, with the least in parentheses. */
export function tableCells(rows: Row[]): string[][] {
  return [HEADER, ...rows.map(cellsOf)]
}

function cellsOf(row: Row): string[] {
  const target = (value: number | null) => (value === null ? '' : compared(value, row.comparison, row.unit))
  return [
    row.what,
    summary(row.ours, row.unit),
    row.against,
    row.peer.length > 0 ? summary(row.peer, row.unit) : '',
    compared(figureOf(row), row.comparison, row.unit),
    target(row.reach),
    target(row.beyond),
    row.shortfall ? `${verdictOf(row)}: ${row.shortfall}` : verdictOf(row),
  ]
}

function summary(values: number[], unit: string): string {
  return `${number(median(values))} (${number(Math.min(...values))}) ${unit}`
}

function compared(figure: number, comparison: Comparison, unit: string): string {
  switch (comparison) {
    case 'ratio':
      return figure.toFixed(2)
    case 'times more':
      return `${number(figure)} times`
    case 'times less':
      return `${number(figure)} times less`
    case 'difference':
      return `${number(figure)} ${unit} more`
    case 'alone':
      return `${number(figure)} ${unit}`
  }
}

function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return Number(value.toFixed(digits)).toLocaleString('en-US')
}

/** For a terminal. */
export function plainTable(cells: string[][]): string {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function markdownTable([header = [], ...rows]: string[][]): string {
  return [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
