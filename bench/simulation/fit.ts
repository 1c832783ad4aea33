/** A line through measured points. */
export interface Line {
  /** At zero. */
  base: number
  /** What each variable adds, by one of it. */
  slopes: number[]
}

/**
 * Ordinary least squares, by the normal equations and Gaussian elimination.
 * @param points the variables and what was measured there; there must be more of them than variables
 */
export function fitLine(points: { at: number[]; value: number }[]): Line {
  const rows = points.map(({ at }) => [1, ...at])
  const size = rows[0]?.length ?? 0
  const indexes = Array.from({ length: size }, (_, index) => index)
  const system = indexes.map((i) => [
    ...indexes.map((j) => sum(rows.map((row) => cell(row, i) * cell(row, j)))),
    sum(rows.map((row, point) => cell(row, i) * (points[point]?.value ?? NaN))),
  ])
  for (const pivot of indexes) {
    const from = system[pivot] as number[]
    for (const other of indexes) {
      if (other === pivot) continue
      const target = system[other] as number[]
      const factor = cell(target, pivot) / cell(from, pivot)
      for (let column = pivot; column <= size; column++)
        target[column] = cell(target, column) - factor * cell(from, column)
    }
  }
  const [base = NaN, ...slopes] = indexes.map((i) => cell(system[i] as number[], size) / cell(system[i] as number[], i))
  return { base, slopes }
}

const cell = (row: number[], column: number) => row[column] ?? NaN
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
