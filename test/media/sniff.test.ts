import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HEAD_BYTES, imageDimensions, MEDIA_TYPES, sniffType } from '../../src/media/media-types.ts'
import { jpeg, mp4, png } from './samples.ts'

const box = (type: string, ...content: Buffer[]) => {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(8 + Buffer.concat(content).length)
  return Buffer.concat([size, Buffer.from(type), ...content])
}

const AVIF = Buffer.concat([
  box('ftyp', Buffer.from('avif\0\0\0\0mif1avif')),
  box('meta', Buffer.alloc(4), box('iprp', box('ipco', box('ispe', Buffer.alloc(12))), box('ipma', Buffer.alloc(8)))),
])

const ZIP = Buffer.concat([
  Buffer.from('504b030414000000000000000000', 'hex'),
  Buffer.alloc(12),
  Buffer.from('\x05\0\0\0a.txt'),
])

const STARTS = [
  'fffb90c4',
  '494433030000',
  '1a45dfa3',
  '4f676753',
  '52494646',
  '3026b2758e66cf11',
  '49492a00',
  '1f8b08',
]
const SAMPLES = [png(3, 4), jpeg(3, 4), mp4(), AVIF, ZIP, ...STARTS.map((start) => Buffer.from(start, 'hex'))]

/** A file with some bytes overwritten, cut off somewhere, with anything after it. */
const mutilated = fc
  .record({
    sample: fc.constantFrom(...SAMPLES),
    length: fc.nat(1_000),
    changes: fc.array(fc.tuple(fc.nat(100), fc.constantFrom(0, 1, 8, 127, 128, 255)), { maxLength: 8 }),
    rest: fc.uint8Array({ maxLength: 300 }),
  })
  .map(({ sample, length, changes, rest }) => {
    const file = Buffer.concat([sample.subarray(0, length), rest])
    for (const [at, value] of changes) if (at < file.length) file[at] = value
    return file
  })

test('However a file is made, it is of a known type or of none, and its sides are sane or none', async () => {
  const known = new Set(['text/plain', ...Object.values(MEDIA_TYPES).map(([type]) => type)])

  await fc.assert(
    fc.asyncProperty(mutilated, async (file) => {
      const sniffed = await sniffType(file)
      if (sniffed) expect(known).toContain(sniffed.type)
      for (const side of Object.values(imageDimensions(file))) {
        if (side !== null) expect(side).toSatisfy((pixels: number) => pixels > 0 && pixels <= 1_000_000)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('A head full of the smallest parts ends as well', async () => {
  const many = (part: Buffer) => Buffer.alloc(HEAD_BYTES, part)

  expect(await sniffType(many(ZIP))).toEqual({ type: 'application/zip', extension: 'zip' })
  const boxes = Buffer.concat([box('ftyp', Buffer.from('avif\0\0\0\0mif1avif')), many(box('free'))])
  expect(imageDimensions(boxes)).toEqual({ width: null, height: null })
  expect(imageDimensions(Buffer.concat([Buffer.from('ffd8', 'hex'), many(Buffer.from('ffff', 'hex'))]))).toEqual({
    width: null,
    height: null,
  })
})
