import { expect, test } from 'vitest'
import { describeSize } from '../../src/media/byte-size.ts'

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1_000, '1 kB'],
  [999_999, '999.9 kB'],
  [25_000_000, '25 MB'],
  [26_214_400, '26.2 MB'],
  [1_000_000_000, '1 GB'],
  [5_000_000_000_000_000, '5,000 TB'],
])('%d bytes are told as %s', (bytes, told) => {
  expect(describeSize(bytes)).toBe(told)
})
