export interface Emoji {
  emoji: string
  name: string
  /** What it is found by, its name first: each word has a space before it. */
  words: string
  hasTones: boolean
}

export interface EmojiGroup {
  name: string
  emoji: readonly Emoji[]
}

const KNOWN = /^\p{RGI_Emoji}$/v

/** All emoji that this browser knows, as Unicode groups them; fetched when they are first asked for. */
export async function loadEmoji(): Promise<readonly EmojiGroup[]> {
  const [{ default: groups }, { default: keywords }] = await Promise.all([
    import('unicode-emoji-json/data-by-group.json'),
    import('emojilib'),
  ])
  return groups.map((group) => ({
    name: group.name,
    emoji: group.emojis
      .filter(({ emoji }) => KNOWN.test(emoji))
      .map(({ emoji, name, skin_tone_support: hasTones }) => ({
        emoji,
        name,
        words: ` ${[name, ...(keywords[emoji] ?? [])].join(' ').replaceAll('_', ' ').toLowerCase()}`,
        hasTones,
      })),
  }))
}

/** The emoji with words that begin with each of those given, the nearest first. */
export function findEmoji(groups: readonly EmojiGroup[], search: string): Emoji[] {
  const sought = search
    .toLowerCase()
    .split(/[\s:_]+/)
    .filter(Boolean)
  const whole = sought.join(' ')
  const distance = ({ name, words }: Emoji): number => {
    const isNear = [
      name === whole,
      name.startsWith(whole),
      ` ${name}`.includes(` ${whole}`),
      `${words} `.includes(` ${whole} `),
    ]
    return isNear.includes(true) ? isNear.indexOf(true) : isNear.length
  }
  return groups
    .flatMap(({ emoji }) => emoji)
    .filter(({ words }) => sought.every((word) => words.includes(` ${word}`)))
    .toSorted((one, other) => distance(one) - distance(other))
}
