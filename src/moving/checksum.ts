import { hash } from 'node:crypto'
import type { PlainRow } from './tables.ts'

/** What some rows are, whatever their order: two databases needn't sort alike. */
export interface Sum {
  rows: number
  /** 64 hexadecimal digits. */
  checksum: string
}

export interface Checksum {
  add(rows: Iterable<PlainRow>): void
  sum(): Sum
}

const MODULUS = 2n ** 256n

/**
 * Sums up the rows' SHA-256 hashes: MSet-Add-Hash of Clarke, Devadas, van Dijk, Gassend and Suh, “Incremental Multiset
 * Hash Functions” (ASIACRYPT 2003), without a key, as it is against accidents.
 */
export function createChecksum(): Checksum {
  let [rows, total] = [0, 0n]
  return {
    add(more) {
      for (const row of more) {
        total = (total + BigInt(`0x${hash('sha256', JSON.stringify(row))}`)) % MODULUS
        rows++
      }
    },
    sum: () => ({ rows, checksum: total.toString(16).padStart(64, '0') }),
  }
}
