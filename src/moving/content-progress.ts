import type { ExportContent } from './export-file.ts'

/** @param what is being done: it comes before the numbers, and another thing begins anew */
export type ReportProgress = (done: number, total: number, what: string) => void

/**
 * Turns the lines done into progress: by the rows of each table, then by the uploads.
 * @param totals by the tables' names, and `uploads`
 */
export function contentProgress(totals: Record<string, number>, report: ReportProgress): (line: ExportContent) => void {
  const done = new Map<string, number>()
  return (line) => {
    const [what, more] = 'table' in line ? [line.table, line.rows.length] : ['uploads', Number(line.isLast)]
    const sum = (done.get(what) ?? 0) + more
    done.set(what, sum)
    report(sum, totals[what] ?? sum, what)
  }
}
