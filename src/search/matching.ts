import type { Phrase } from '../log/message-index.ts'
import { type Word, wordsOf } from '../log/words.ts'

// Okapi BM25 (Robertson and Zaragoza, “The Probabilistic Relevance Framework”, 2009) with its usual constants. How rare
// a word is makes no difference where every match holds all of them. The average length is a fixed one, so that a
// message's score doesn't change with what is written after it, and a cursor can hold it.
const SATURATION = 1.2
const LENGTH_WEIGHT = 0.75
const AVERAGE_LENGTH = 12 // words
const SCALE = 1e6

/** Where a phrase stands, by the numbers of its words, the end excluded. */
export interface Match {
  from: number
  to: number
}

/** Every place of every phrase, in the order of the phrases. */
export function findMatches(words: readonly Word[], phrases: readonly Phrase[]): Match[][] {
  return phrases.map((phrase) => {
    const { length } = phrase.words
    return words.flatMap((_, from) => (standsAt(words, phrase, from) ? [{ from, to: from + length }] : []))
  })
}

function standsAt(words: readonly Word[], { words: wanted, prefix }: Phrase, from: number): boolean {
  return wanted.every((word, index) => {
    const found = words[from + index]?.word
    return prefix && index === wanted.length - 1 ? found?.startsWith(word) : found === word
  })
}

/** How well a text matches: a whole number, the higher the better. */
export function scoreOf(text: string, phrases: readonly Phrase[]): number {
  if (phrases.length === 0) return 0
  const words = wordsOf(text)
  const length = 1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * words.length) / AVERAGE_LENGTH
  let score = 0
  for (const { length: count } of findMatches(words, phrases)) {
    score += (count * (SATURATION + 1)) / (count + SATURATION * length)
  }
  return Math.round(score * SCALE)
}
