import type { CombinedError } from 'urql'

/** The server's stable code for what went wrong; null where nothing came back from it. */
export function codeOf(error: CombinedError | undefined): string | null {
  const code = error?.graphQLErrors[0]?.extensions?.['code']
  return typeof code === 'string' ? code : null
}

/** The field of the input that the server objects to, if it is one. */
export function fieldOf(error: CombinedError | undefined): string | null {
  const field = error?.graphQLErrors[0]?.extensions?.['field']
  return typeof field === 'string' ? field : null
}

/** What to tell a person. */
export function messageOf(error: CombinedError): string {
  return error.graphQLErrors[0]?.message ?? 'The server can’t be reached. Try again.'
}

/** Whether trying the same again later may do: the line broke, or the server has too much to do. */
export function isPassing(error: CombinedError): boolean {
  const code = codeOf(error)
  return code === null || ['RATE_LIMITED', 'INTERNAL_SERVER_ERROR', 'UNAUTHENTICATED'].includes(code)
}
