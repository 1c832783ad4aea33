import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFrameReader } from '../../bench/lib/frames.ts'

test('frames are read whole, wherever the chunks end', () => {
  const payloads = fc.array(
    fc.oneof(fc.string(), fc.string({ minLength: 120, maxLength: 140 }), fc.constant('x'.repeat(70_000))),
    {
      maxLength: 5,
    },
  )
  const cuts = fc.array(fc.nat(200_000), { maxLength: 6 })
  fc.assert(
    fc.property(payloads, cuts, (texts, places) => {
      const stream = Buffer.concat(texts.map(serverFrame))
      const ends = [...places.map((place) => place % (stream.length + 1)), stream.length].toSorted((a, b) => a - b)
      const got: string[] = []
      const read = createFrameReader({
        onText: (buffer, start, end) => void got.push(buffer.toString('utf8', start, end)),
        onPing: () => {},
        onClose: () => {},
      })
      let start = 0
      for (const end of ends) {
        read(Buffer.from(stream.subarray(start, end)), 0, end - start)
        start = end
      }
      expect(got).toEqual(texts)
    }),
    { numRuns: 200 },
  )
})

test('a masked frame, a fragment and binary data are refused', () => {
  for (const bytes of [
    [0x81, 0x81, 0, 0, 0, 0, 65],
    [0x01, 0x01, 65],
    [0x82, 0x01, 65],
  ]) {
    const read = createFrameReader({ onText: () => {}, onPing: () => {}, onClose: () => {} })
    expect(() => read(Buffer.from(bytes), 0, bytes.length)).toThrow()
  }
})

/** RFC 6455, section 5.2, unmasked. */
function serverFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const { length } = payload
  const head = length < 126 ? [0x81, length] : length < 65_536 ? [0x81, 126, length >> 8, length & 255] : null
  if (head) return Buffer.concat([Buffer.from(head), payload])
  const long = Buffer.alloc(10)
  long.set([0x81, 127])
  long.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([long, payload])
}
