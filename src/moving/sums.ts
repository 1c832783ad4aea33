import { createHash, type Hash } from 'node:crypto'
import { type Checksum, createChecksum } from './checksum.ts'
import type { ExportContent, ExportEnd } from './export-file.ts'
import { movedTables } from './tables.ts'

/** Sums up what lines hold, so that a file can be compared with itself and with the server that it became. */
export interface Sums {
  add(line: ExportContent): void
  all(): ExportEnd['end']
}

export function createSums(): Sums {
  const tables = new Map<string, Checksum>(movedTables.map(({ name }) => [name, createChecksum()]))
  const uploads = createChecksum()
  let upload: Hash | null = null

  return {
    add(line) {
      if ('table' in line) {
        tables.get(line.table)?.add(line.rows)
        return
      }
      upload ??= createHash('sha256')
      upload.update(line.data, 'base64')
      if (!line.isLast) return
      uploads.add([[line.upload, upload.digest('hex')]])
      upload = null
    },
    all: () => ({
      tables: Object.fromEntries([...tables].map(([name, checksum]) => [name, checksum.sum()])),
      uploads: uploads.sum(),
    }),
  }
}

/** @returns what differs, by name */
export function differences(some: ExportEnd['end'], others: ExportEnd['end']): string[] {
  const names = new Set([...Object.keys(some.tables), ...Object.keys(others.tables)])
  const differing = [...names].filter((name) => !isSame(some.tables[name], others.tables[name]))
  return isSame(some.uploads, others.uploads) ? differing : [...differing, 'uploads']
}

function isSame(some: { rows: number; checksum: string } | undefined, other: typeof some): boolean {
  return some?.rows === other?.rows && some?.checksum === other?.checksum
}
