import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkEmoji } from '../../src/reaction/emoji.ts'

test.each([
  ['a face', '😀'],
  ['a heart with its variation selector', '❤️'],
  ['a skin tone', '👍🏽'],
  ['a skin tone on what is text by itself', '☝🏿'],
  ['a flag', '🇩🇪'],
  ['a flag of tags', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  ['a flag of a sequence', '🏳️‍🌈'],
  ['a family', '👨‍👩‍👧‍👦'],
  ['a couple of two skin tones', '👩🏻‍❤️‍💋‍👨🏿'],
  ['a profession', '🧑🏾‍🚀'],
  ['a keycap', '1️⃣'],
  ['a keycap that is no number', '#️⃣'],
  ['a sign', '™️'],
])('%s is one emoji', (_what, emoji) => {
  expect(checkEmoji(emoji)).toBe(emoji)
})

test.each([
  ['❤', '❤️'],
  ['1⃣', '1️⃣'],
  ['🏳‍🌈', '🏳️‍🌈'],
  ['👁‍🗨', '👁️‍🗨️'],
  ['🕵🏽‍♂', '🕵🏽‍♂️'],
  ['😀️', '😀'],
])('%s, as some keyboards write it, counts as what it looks like', (given, emoji) => {
  expect(checkEmoji(given)).toBe(emoji)
})

test.each([
  ['nothing', ''],
  ['white space', ' '],
  ['a letter', 'a'],
  ['a digit', '1'],
  ['a letter of several characters', 'e\u0301'],
  ['a word', ':smile:'],
  ['two emoji', '👍👍'],
  ['two flags', '🇩🇪🇫🇷'],
  ['half a flag', '🇩'],
  ['a flag of no country', '🇽🇽'],
  ['an emoji and a letter', '👍a'],
  ['an emoji with space around it', ' 👍 '],
  ['an emoji and a line’s end', '👍\n'],
  ['a joiner after it', '👍\u200d'],
  ['a joiner alone', '\u200d'],
  ['a variation selector alone', '\ufe0f'],
  ['a keycap without its key', '\u20e3'],
  ['a tone on what has none', '🚗🏽'],
  ['a joint of what isn’t joined', '🚗‍🚗'],
  ['the first half of a surrogate pair', '\ud83d'],
  ['the second half of a surrogate pair', '\udc4d'],
  ['halves in the wrong order', '\udc4d\ud83d'],
  ['NUL', '👍\0'],
  ['a family of a hundred', '👩‍'.repeat(100)],
  ['a million', '👍'.repeat(1_000_000)],
  ['one under a heap of marks', `👍${'\u0301'.repeat(1_000)}`],
])('%s is none', (_what, given) => {
  expect(() => checkEmoji(given)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
})

test('whatever is accepted is one grapheme, and accepted as it is stored', () => {
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
  const parts = [...'👍🏽❤\ufe0f\u200d🔥👩🧑🚀🇩🇪1#\u20e3🏴a☝♂😀']
  let accepted = 0
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 5 }), (chosen) => {
      let emoji: string
      try {
        emoji = checkEmoji(chosen.join(''))
      } catch {
        return
      }
      accepted++
      expect([...graphemes.segment(emoji)]).toHaveLength(1)
      expect(checkEmoji(emoji)).toBe(emoji)
    }),
    { numRuns: 3_000 },
  )
  expect(accepted).toBeGreaterThan(0)
})
