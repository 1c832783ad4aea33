import { GraphQLError } from 'graphql'

/** A failed operation's stable code, in `extensions.code`. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'OPERATION_TOO_COMPLEX'
  | 'OPERATION_NOT_LISTED'
  | 'REQUEST_ENTITY_TOO_LARGE'
  | 'REQUEST_TIMEOUT'
  | 'UNSUPPORTED_MEDIA_TYPE'

interface Details {
  field?: string
  /** seconds */
  retryAfter?: number
  /** What an operation has too much of, how much it may have, and how much it has. */
  limit?: string
  max?: number
  actual?: number
  /** The status over HTTP; by `spec`, only for clients who know the specification's media type. */
  http?: { spec: boolean; status: number }
}

/**
 * A failure that the client is told of as it is. Everything else thrown is masked as
 * INTERNAL_SERVER_ERROR and logged whole on the server.
 */
export class ChatError extends GraphQLError {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, { extensions: { code, ...details } })
    this.code = code
  }
}

export function unauthenticated(message = 'Sign in first: send an access token as "Authorization: Bearer …".') {
  return new ChatError('UNAUTHENTICATED', message)
}

export function forbidden(message: string) {
  return new ChatError('FORBIDDEN', message)
}

/** Also for what the viewer may not see: nothing tells him that it exists. */
export function notFound(what: string) {
  return new ChatError('NOT_FOUND', `${what} not found.`)
}

/** @param field the input field at fault, as the client named it */
export function badInput(field: string, message: string) {
  return new ChatError('BAD_USER_INPUT', message, { field })
}

/** @param field the input field whose value is taken or contradicts what exists */
export function conflict(field: string, message: string) {
  return new ChatError('CONFLICT', message, { field })
}

/**
 * @param retryAfter seconds after which it may work
 * @param limit which it was, one word
 */
export function rateLimited(message: string, retryAfter: number, limit?: string) {
  return new ChatError('RATE_LIMITED', message, { retryAfter, ...(limit && { limit }) })
}

/** The operation itself can't be run, whoever asks. @param details what is wrong with it */
export function refusedOperation(
  code: 'OPERATION_TOO_COMPLEX' | 'OPERATION_NOT_LISTED',
  message: string,
  details: Details = {},
) {
  return new ChatError(code, message, { ...details, http: { spec: true, status: 400 } })
}

/** A start that can't be: a setting, a port, a folder. Shown as one line, without a stack. */
export class StartError extends Error {}

/**
 * The storage refuses to work for now: locked by another process, full, unreadable, away. What was asked for has not
 * happened; where PostgreSQL went away in the commit itself, nobody knows.
 */
export class StorageError extends Error {
  constructor(fault: string, cause: unknown) {
    super(`The database can't be written (${fault})`, { cause })
  }
}
