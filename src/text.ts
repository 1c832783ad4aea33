import { badInput } from './errors.ts'

/**
 * What people write in a line: a name, a description.
 * @param field the argument that it came in, for the error
 * @returns it without the space around it
 * @throws ChatError BAD_USER_INPUT where it has less than `min` or more than `max` characters, or can't be stored
 */
export function cleanText(value: string, field: string, { min = 0, max }: { min?: number; max: number }): string {
  const text = value.trim()
  if (!isStorable(text))
    throw badInput(field, `${field} holds characters that are no text (NUL or half a surrogate pair).`)
  // Characters as people count them: an emoji outside the basic plane is one.
  const length = text.length > max * 2 ? text.length : [...text].length
  if (length < min || length > max) {
    throw badInput(field, `${field} must have ${min > 0 ? `${min} to ${max}` : `at most ${max}`} characters.`)
  }
  return text
}

const ASCII = /^\p{ASCII}*$/v
// European, Hebrew and Arabic ones; and what says whether a character is shown as an emoji, which keyboards leave out.
const DIACRITICS =
  /[\u0300-\u036f]|[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]|[\u064b-\u065f\u0670]|\ufe0e|\ufe0f/g

/**
 * What a text is compared by: “Ångström” and “angstrom” are the same, and so are ❤️ and ❤. The vowel signs
 * of India, which are marks as well, stay.
 */
export function foldText(text: string): string {
  const lower = text.toLowerCase()
  if (ASCII.test(lower)) return lower
  return lower.normalize('NFKD').replace(DIACRITICS, '').normalize('NFC').replaceAll('ς', 'σ')
}

/** PostgreSQL stores no NUL, and no half of a surrogate pair is valid UTF-8. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
