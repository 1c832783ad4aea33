import { styleText } from 'node:util'

// Node leaves the colours out where NO_COLOR asks for that, and where the output is no terminal.

/** Each person has one of these, told by his username, at every device. */
const OF_PEOPLE = ['cyan', 'green', 'yellow', 'magenta', 'blue', 'cyanBright', 'greenBright', 'magentaBright'] as const

export function dim(text: string): string {
  return styleText('dim', text, { stream: process.stdout })
}

export function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout })
}

export function red(text: string): string {
  return styleText('red', text, { stream: process.stdout })
}

/** @param username whose colour it gets */
export function inColourOf(username: string, text: string): string {
  let sum = 0
  for (const character of username) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return styleText(OF_PEOPLE[sum % OF_PEOPLE.length] ?? 'cyan', text, { stream: process.stdout })
}
