/** How dark a skin may be, by Fitzpatrick's scale; the first is none in particular. */
export const SKIN_TONES = [
  { name: 'Default skin tone', modifier: '' },
  { name: 'Light skin tone', modifier: '\u{1F3FB}' },
  { name: 'Medium-light skin tone', modifier: '\u{1F3FC}' },
  { name: 'Medium skin tone', modifier: '\u{1F3FD}' },
  { name: 'Medium-dark skin tone', modifier: '\u{1F3FE}' },
  { name: 'Dark skin tone', modifier: '\u{1F3FF}' },
] as const

/** An emoji with all of its people in one tone; as it was where Unicode has none such. */
export function withTone(emoji: string, modifier: string): string {
  if (!modifier) return emoji
  // Two people who hold hands have a hand between them, which takes none.
  const toned = emoji.replaceAll(/(?!🤝\u200D)(\p{Emoji_Modifier_Base})\uFE0F?/gu, `$1${modifier}`)
  return /^\p{RGI_Emoji}$/v.test(toned) ? toned : emoji
}

/** What an emoji is compared by: the same in all tones, which take the place of variation selectors. */
export function withoutTone(emoji: string): string {
  return emoji.replaceAll(/\p{Emoji_Modifier}|\uFE0F/gu, '')
}
