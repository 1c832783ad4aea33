import { foldText } from '../text.ts'

/** A word of a text: as it is compared, and where it stands (in UTF-16 units, the end excluded). */
export interface Word {
  word: string
  start: number
  end: number
}

/** What characters are to the words that they stand in. */
const NONE = 1
const LETTER = 2 // or digit
const MARK = 3 // on the character before it
const WORD = 4 // all by itself

const IS_LETTER = /[\p{L}\p{N}]/v
const IS_MARK = /\p{M}/v
const IS_EMOJI = /[[\p{Extended_Pictographic}\p{Regional_Indicator}]--[©®™]]/v
// Where people write without spaces, each character is a word, and a longer word a phrase of them.
const IS_UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/v

const SAME_HOWEVER_WRITTEN = /^[ぁ-んァ-ヶ㐀-䶿一-鿿]$/
const OF_NO_WORD = /[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{Regional_Indicator}]/gv

/** By code point, 0 where it isn't known yet; a regular expression is asked once for each, as that takes many times longer. */
const kinds = new Uint8Array(0x110000)

/** The words of a text: letters and digits in a row, whatever their case and their accents, and each emoji. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = []
  let start = -1
  let mayGrow = false
  const end = (at: number) => {
    if (start < 0) return
    const word = fold(text.slice(start, at))
    if (word !== '') words.push({ word, start, end: at })
    start = -1
  }
  for (let at = 0; at < text.length; ) {
    const codePoint = text.codePointAt(at) ?? 0
    const kind = kinds[codePoint] || kindOf(codePoint)
    if (kind === WORD || kind === NONE || (kind === LETTER && !mayGrow)) end(at)
    if (kind !== NONE && kind !== MARK && start < 0) start = at
    if (kind !== MARK) mayGrow = kind === LETTER
    at += codePoint > 0xffff ? 2 : 1
  }
  end(text.length)
  return words
}

function kindOf(codePoint: number): number {
  const character = String.fromCodePoint(codePoint)
  let kind = NONE
  if (IS_MARK.test(character)) kind = MARK
  else if (IS_UNSPACED.test(character) || IS_EMOJI.test(character)) kind = WORD
  else if (IS_LETTER.test(character)) kind = LETTER
  kinds[codePoint] = kind
  return kind
}

function fold(word: string): string {
  return SAME_HOWEVER_WRITTEN.test(word) ? word : foldText(word).replace(OF_NO_WORD, '')
}
