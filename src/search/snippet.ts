import type { Phrase } from '../log/word-index.ts'
import { type Word, wordsOf } from '../log/words.ts'
import { findMatches } from './matching.ts'

const LONGEST_SNIPPET = 160 // characters, unless its first match alone is longer
const WORDS_BEFORE = 5

/**
 * The part of a text around its first match, with all matches in ⟦ and ⟧. The text's own such brackets become [ and ],
 * its space of any kind a single blank, and what was cut off an ellipsis.
 */
export function snippetOf(text: string, phrases: readonly Phrase[]): string {
  const words = wordsOf(text)
  const matched = new Set<number>()
  for (const matches of findMatches(words, phrases)) {
    let done = 0
    for (const { from, to } of matches) {
      for (let index = Math.max(from, done); index < to; index++) matched.add(index)
      done = to
    }
  }
  const first = matched.size > 0 ? Math.min(...matched) : 0
  const start = startOfPart(words, first)
  const end = Math.max(endOfPart(text, words, start), (matched.size > 0 && words[first]?.end) || 0)

  let snippet = start > 0 ? '…' : ''
  let done = start
  let isOpen = false
  for (const [index, word] of words.entries()) {
    if (word.start < start || word.end > end) continue
    const isMatch = matched.has(index)
    // What lies between two matches is theirs.
    if (isOpen && !isMatch) snippet += '⟧'
    snippet += plain(text.slice(done, word.start))
    if (isMatch && !isOpen) snippet += '⟦'
    snippet += plain(text.slice(word.start, word.end))
    done = word.end
    isOpen = isMatch
  }
  if (isOpen) snippet += '⟧'
  return `${`${snippet}${plain(text.slice(done, end))}`.trim()}${end < text.length ? '…' : ''}`
}

/** A few words before the first match, as far as that fits as well. */
function startOfPart(words: readonly Word[], first: number): number {
  const end = words[first]?.end ?? 0
  if (first <= WORDS_BEFORE && end <= LONGEST_SNIPPET) return 0
  const few = words.slice(Math.max(0, first - WORDS_BEFORE), first)
  return (few.find(({ start }) => end - start <= LONGEST_SNIPPET) ?? words[first])?.start ?? 0
}

/** Not in the middle of a word, unless the word is as long as that. */
function endOfPart(text: string, words: readonly Word[], start: number): number {
  const furthest = start + LONGEST_SNIPPET
  if (furthest >= text.length) return text.length
  const cut = words.find(({ start: from, end }) => from < furthest && end > furthest)
  if (cut && cut.start > start) return cut.start
  // Not in the middle of a surrogate pair either.
  return /[\uD800-\uDBFF]/.test(text[furthest - 1] ?? '') ? furthest - 1 : furthest
}

function plain(text: string): string {
  return text.replaceAll('⟦', '[').replaceAll('⟧', ']').replaceAll(/\s+/g, ' ')
}
