import type { User } from '../client/fragments.ts'

/** An `@` with the beginning of a name, which the caret is at the end of. */
export interface Handle {
  /** Where its `@` is in the text. */
  start: number
  name: string
}

/** As the server reads mentions: not within a word, an email address or a URL's path. */
const BEGUN = /(?<![[\p{L}\p{M}\p{N}_@\/]--[\u{20E3}\u{FE0F}]][.+%\-]*)@([\p{L}\p{M}\p{N}_.\-]{1,64})$/v

/** @returns the handle that is being written; null where there is none */
export function handleAt(text: string, caret: number): Handle | null {
  const match = /^[\p{L}\p{N}_]/u.test(text.slice(caret)) ? null : BEGUN.exec(text.slice(0, caret))
  return match && { start: match.index, name: match[1] ?? '' }
}

/** Whether somebody's username, or a word of what he is called, begins so. */
export function isCalled({ username, displayName }: User, beginning: string): boolean {
  const sought = fold(beginning)
  return fold(username).startsWith(sought) || ` ${fold(displayName)}`.includes(` ${sought}`)
}

function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
