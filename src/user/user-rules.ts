import { badInput } from '../errors.ts'
import { cleanText, foldText, isStorable } from '../text.ts'

const USERNAME = /^[A-Za-z0-9_.-]{3,32}$/
const EMAIL = /^[^\s@]+@[^\s@]+$/
const LONGEST_EMAIL = 254 // characters, as mail servers have it
const LONGEST_DISPLAY_NAME = 64 // characters

/** @throws ChatError BAD_USER_INPUT */
export function checkUsername(username: string) {
  if (!USERNAME.test(username)) {
    throw badInput('username', 'A username has 3 to 32 of these: letters A to Z, digits, and _ . -')
  }
  return { username, usernameKey: username.toLowerCase() }
}

/** @throws ChatError BAD_USER_INPUT */
export function checkEmail(given: string | null) {
  const email = given?.trim() ?? null
  if (email !== null && (!EMAIL.test(email) || email.length > LONGEST_EMAIL || !isStorable(email))) {
    throw badInput('email', 'This is no email address.')
  }
  return { email, emailKey: email?.toLowerCase() ?? null }
}

/** @throws ChatError BAD_USER_INPUT */
export function checkDisplayName(given: string) {
  const displayName = cleanText(given, 'displayName', { min: 1, max: LONGEST_DISPLAY_NAME })
  return { displayName, nameKey: foldText(displayName) }
}
