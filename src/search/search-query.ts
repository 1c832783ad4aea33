import type { Phrase } from '../log/word-index.ts'
import { wordsOf } from '../log/words.ts'

export interface SearchQuery {
  phrases: Phrase[]
  /** Usernames in lower case: one of them wrote it. Anybody where it is empty. */
  from: string[]
}

// A phrase in quotes, or whatever comes without a space; a quote that nothing closes is none.
const PART = /"([^"]*)"(\*)?|[^\s"]+|"/g
const FROM = /^from:@?([A-Za-z0-9_.-]{3,32})$/i

/** Any text is a query: what is no `from:`, no phrase and no prefix is plain words. */
export function parseQuery(text: string): SearchQuery {
  const phrases = new Map<string, Phrase>()
  const from: string[] = []
  for (const [part, quoted, star] of text.matchAll(PART)) {
    const username = FROM.exec(part)?.[1]
    if (username) {
      from.push(username.toLowerCase())
      continue
    }
    const words = wordsOf(quoted ?? part).map(({ word }) => word)
    // What is written in one go, as “e-mail” is, is looked for in one go.
    const prefix = quoted === undefined ? part.endsWith('*') : star === '*'
    if (words.length > 0) phrases.set(`${words.join(' ')}${prefix}`, { words, prefix })
  }
  return { phrases: [...phrases.values()], from }
}
