import groups from 'unicode-emoji-json/data-by-group.json' with { type: 'json' }
import { expect, test } from 'vitest'
import { checkEmoji } from '../../src/reaction/emoji.ts'
import { SKIN_TONES, withoutTone, withTone } from '../../web/src/emoji/skin-tones.ts'

const offered = groups.flatMap(({ emojis }) => emojis)

test('every emoji that the web client offers is taken as it is', () => {
  expect(offered.length).toBeGreaterThan(1_800)
  for (const { emoji } of offered) expect(checkEmoji(emoji)).toBe(emoji)
})

test('an emoji with people is offered in each tone of skin, and known for the same in all', () => {
  const people = offered.filter((one) => one.skin_tone_support)
  expect(people.length).toBeGreaterThan(300)
  for (const { emoji } of people) {
    const toned = SKIN_TONES.map(({ modifier }) => withTone(emoji, modifier))
    expect(new Set(toned).size, emoji).toBe(SKIN_TONES.length)
    for (const one of toned) {
      expect(checkEmoji(one)).toBe(one)
      expect(withoutTone(one)).toBe(withoutTone(emoji))
    }
  }
})

test('what has no tones stays as it is', () => {
  for (const emoji of ['🎉', '❤️', '👨‍👩‍👧‍👦', '🤝🎉']) expect(withTone(emoji, '\u{1F3FD}')).toBe(emoji)
})
