/** A word of a text: as it is compared, and where it stands (in UTF-16 units, the end excluded). */
export interface Word {
  word: string
  start: number
  end: number
}

// Where people write without spaces, each character is a word, and a longer word a phrase of them; so is each emoji.
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[[\p{L}\p{N}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]][[\p{L}\p{N}\p{M}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]]*|[[\p{Extended_Pictographic}\p{Regional_Indicator}]--[©®™]]/gv
const ASCII_WORD = /[a-z0-9]+/gi
const ASCII = /^\p{ASCII}*$/v

/** The words of a text: letters and digits in a row, whatever their case and their accents, and each emoji. */
export function wordsOf(text: string): Word[] {
  const isAscii = ASCII.test(text)
  const words: Word[] = []
  for (const { 0: match, index } of text.matchAll(isAscii ? ASCII_WORD : WORD)) {
    const word = isAscii ? match.toLowerCase() : fold(match)
    if (word !== '') words.push({ word, start: index, end: index + match.length })
  }
  return words
}

/** “Ångström” and “angstrom” are the same. Vowel signs, which are marks as well in some scripts, stay. */
function fold(word: string): string {
  return word
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replaceAll('ς', 'σ')
    .replace(/[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{Regional_Indicator}]/gu, '')
}
