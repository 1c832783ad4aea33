import type { TestContext } from 'vitest'

export type Report = Record<string, string | number>

declare module 'vitest' {
  interface TaskMeta {
    /** What a soak tells of the test when it is over. */
    report?: Report
  }
}

export function report({ task }: TestContext, figures: Report): void {
  task.meta.report = { ...task.meta.report, ...figures }
}

export function megabytes(bytes: number | null): string {
  return bytes === null ? 'unknown' : `${(bytes / 2 ** 20).toFixed(0)} MB`
}
