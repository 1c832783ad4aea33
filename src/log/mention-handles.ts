const MOST_HANDLES = 50 // of one message; what comes after them is only text

/**
 * `@` and what usernames are made of. Not within a word, an email address or a URL's path: the character before it,
 * dots and the like left out, is none of a word, unless an emoji ends with it; nor is the one after it.
 */
const HANDLE =
  /(?<![[\p{L}\p{M}\p{N}_@\/]--[\u{20E3}\u{FE0F}]][.+%\-]*)@([A-Za-z0-9_.\-]{3,64})(?![\p{L}\p{M}\p{N}@])/gv

/**
 * The `@username`s in a text. Usernames may end with what ends a sentence, so each handle has several readings.
 * @returns for each handle, in their order, the usernames in lower case that it may mean, the longest first
 */
export function findHandles(text: string): string[][] {
  const handles = new Map<string, string[]>()
  if (!text.includes('@')) return []
  for (const [, written = ''] of text.matchAll(HANDLE)) {
    const handle = written.toLowerCase()
    if (handles.size < MOST_HANDLES) handles.set(handle, readingsOf(handle))
  }
  return [...handles.values()]
}

function readingsOf(handle: string): string[] {
  const readings = new Set([handle, handle.slice(0, -1), handle.replace(/[.-]+$/, ''), handle.replace(/[._-]+$/, '')])
  const endsAlike = (reading: string) => /^[._-]*$/.test(handle.slice(reading.length))
  return [...readings].filter((reading) => endsAlike(reading) && reading.length >= 3 && reading.length <= 32)
}
