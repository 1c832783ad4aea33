import { expect } from 'vitest'

const CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'RATE_LIMITED',
  'OPERATION_TOO_COMPLEX',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
]

/** Words of the server's inside, places in its code, hashes of passwords. */
const INSIDES = /prisma|sqlite|node_modules|\.[jt]s:\d|SELECT |INSERT |UPDATE |\$2[aby]\$/i

export interface Answer {
  data?: unknown
  errors?: { message: string; extensions?: { code?: unknown } }[]
}

/** It tells nothing of the server's inside, and nothing that is none of the reader's business. */
export function expectDiscreet(text: string, secrets: readonly string[]): void {
  expect(text).not.toMatch(INSIDES)
  for (const secret of secrets) expect(text).not.toContain(secret)
}

/** It is data, or errors that say what is wrong with the request. */
export function expectAnswer({ data, errors }: Answer): void {
  for (const { message, extensions } of errors ?? []) expect(CODES, message).toContain(extensions?.code)
  expect(data ?? errors).toBeDefined()
}
