import { badInput } from '../errors.ts'

const LONGEST_EMOJI = 40 // UTF-16 units; the longest that there are, couples of two skin tones, have 15

/**
 * One emoji, as Unicode recommends them for general interchange (RGI): a single grapheme whatever it is made of.
 * Keyboards leave out variation selectors here and there; each emoji is stored in its fully-qualified form, as
 * Unicode's emoji-test.txt has it, so that ❤ and ❤️ count together.
 * @throws ChatError BAD_USER_INPUT on anything else
 */
export function checkEmoji(given: string): string {
  const emoji = given.length <= LONGEST_EMOJI ? qualify(given) : ''
  if (!/^\p{RGI_Emoji}$/v.test(emoji)) throw badInput('emoji', 'emoji must be one emoji, and nothing else.')
  return emoji
}

/** With a variation selector (U+FE0F) behind each character that is shown as text without one. */
function qualify(emoji: string): string {
  const bare = emoji.replaceAll('\u{FE0F}', '')
  return bare.replaceAll(/(?=\P{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu, '$&\u{FE0F}')
}
