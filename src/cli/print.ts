/** What doesn't belong on a terminal that shows what strangers call themselves: it could move the cursor, or turn the text around. */
const UNPRINTABLE = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu

/** Writes a line to stdout. */
export function printLine(line: string): void {
  process.stdout.write(`${line.replace(UNPRINTABLE, '\ufffd')}\n`)
}

/** Writes what a script reads. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

/**
 * Writes rows below their columns' names, for people.
 * @param columns by the rows' keys
 * @param none what is said where there are no rows
 */
export function printTable<Row extends object>(
  rows: readonly Row[],
  columns: Partial<Record<keyof Row & string, string>>,
  none: string,
): void {
  if (rows.length === 0) {
    printLine(none)
    return
  }
  const keys = Object.keys(columns) as (keyof Row & string)[]
  const cells = [
    keys.map((key) => columns[key] ?? ''),
    ...rows.map((row) => keys.map((key) => String(row[key] ?? '–').replace(UNPRINTABLE, '\ufffd'))),
  ]
  const widths = keys.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)))
  for (const row of cells)
    printLine(
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}
