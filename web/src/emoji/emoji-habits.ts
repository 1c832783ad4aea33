const MOST_RECENT = 24

/** Which emoji somebody has picked lately, the latest first, and the skin tone that he likes: kept on the device. */
export function openHabits(userId: string) {
  const [recentKey, toneKey] = [`chatserver.emoji.${userId}`, `chatserver.emoji-tone.${userId}`]
  const recent = () => localStorage.getItem(recentKey)?.split(' ') ?? []
  return {
    recent,
    tone: () => localStorage.getItem(toneKey) ?? '',
    pick(emoji: string): void {
      const others = recent().filter((one) => one !== emoji)
      keep(recentKey, [emoji, ...others].slice(0, MOST_RECENT).join(' '))
    },
    keepTone: (modifier: string): void => keep(toneKey, modifier),
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // On a device that is full, an emoji is picked none the less.
  }
}
