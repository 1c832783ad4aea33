import fc from 'fast-check'
import { expect, test } from 'vitest'
import { harmless, harmlessJson, harmlessLines } from '../../terminal/harmless.ts'

/** Text with much in it that terminals obey. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('\u001b[2J', '\u009b1A', '\r', '\n', '\u2028', '\u202e', '\u0085', '\ud800', '\u0000', 'a', '漢'),
  ),
})

test('Nothing is left in a text that a terminal obeys', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const line of harmlessLines(text))
        expect(line).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u)
      expect(harmless(text).split('\n')).toHaveLength(1)
    }),
  )
})

test('What people write stays as it is', () => {
  for (const text of ['Grüße, 漢字', 'שלום', '👩‍👩‍👧 ❤️ 👍🏽', 'a, b; (c) "d" <e>']) expect(harmless(text)).toBe(text)
  expect(harmlessLines('one\r\ntwo\n\nthree')).toEqual(['one', 'two', '', 'three'])
})

test('JSON says the same, in a line without control characters', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const json = harmlessJson({ text })
      expect(JSON.parse(json)).toEqual({ text })
      expect(json).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
    }),
  )
})
