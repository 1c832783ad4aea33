import type { Phrase } from '../log/word-index.ts'
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
  // Compared word by word, a long query and a long text of the same few words would hold up everybody.
  const text = ` ${words.map(({ word }) => word).join(' ')} `
  const indexes = new Map<number, number>()
  let offset = 0
  for (const [index, { word }] of words.entries()) {
    indexes.set(offset, index)
    offset += word.length + 1
  }
  return phrases.map((phrase) => {
    const wanted = ` ${phrase.words.join(' ')}${phrase.prefix ? '' : ' '}`
    const matches: Match[] = []
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
      const from = indexes.get(at) ?? 0
      matches.push({ from, to: from + phrase.words.length })
    }
    return matches
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
