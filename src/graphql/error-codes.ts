import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { StorageError } from '../errors.ts'
import { currentScope } from '../request-scope.ts'

const LONGEST_MESSAGE = 500 // characters: GraphQL's own quote what the client has sent

/** Gives errors that have none a code: those of a query string, of GraphQL's syntax and of validation. */
export function useErrorCodes(): Plugin {
  return {
    onRequestParse({ request: { method }, requestParser, setRequestParser }) {
      if (method !== 'GET' || !requestParser) return
      setRequestParser((request) => {
        try {
          return requestParser(request)
        } catch {
          const extensions = { code: 'BAD_USER_INPUT', http: { status: 400 } }
          throw new GraphQLError('variables and extensions in a query string are JSON.', { extensions })
        }
      })
    },
    onParse:
      () =>
      ({ result, replaceParseResult }) => {
        if (result instanceof GraphQLError) replaceParseResult(withCode(result, 'GRAPHQL_PARSE_FAILED'))
      },
    onValidate:
      () =>
      ({ result, setResult }) => {
        const errors = result as readonly GraphQLError[]
        if (errors.length > 0) setResult(errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')))
      },
  }
}

/**
 * What the client is told of an error: one that is meant for him as it is, GraphQL's own complaint about
 * a variable as BAD_USER_INPUT, and of anything else only that it happened.
 */
export function maskError(error: unknown): GraphQLError {
  if (isMeantForClients(error)) {
    const field = fieldOf(error.message)
    const { code } = error.extensions
    return code && !field ? error : withCode(error, 'BAD_USER_INPUT', field)
  }
  const message =
    error instanceof GraphQLError && error.originalError instanceof StorageError
      ? 'The server can’t store anything right now: try again.'
      : 'Something went wrong on the server. It has been logged; try again.'
  const { requestId } = currentScope() ?? {}
  return new GraphQLError(message, {
    ...(error instanceof GraphQLError && placeOf(error)),
    // By which its line in the log is found.
    extensions: { code: 'INTERNAL_SERVER_ERROR', ...(requestId && { requestId }) },
  })
}

/** GraphQL wraps what a resolver throws: what was thrown first decides. */
export function isMeantForClients(error: unknown): error is GraphQLError {
  return error instanceof GraphQLError && (error.originalError === undefined || isMeantForClients(error.originalError))
}

/** From “Variable "$input" got invalid value 5 at "input.name"; …”: `name`, or else the variable. */
function fieldOf(message: string): string | undefined {
  const [, variable] = /^Variable "\$(\w+)"/.exec(message) ?? []
  // Bounded, since the value is the client's, and may look like many a path.
  const [, path] = (variable && / at "([\w.[\]]{1,200})";/.exec(message)) || []
  return /(\w+)(?:\[\d+\])*$/.exec(path ?? '')?.[1] ?? variable
}

function withCode(error: GraphQLError, code: string, field?: string): GraphQLError {
  return new GraphQLError(inShort(error), {
    ...placeOf(error),
    extensions: { code, ...(field && { field }), ...error.extensions },
  })
}

/** What Yoga notes of an error, the status to answer with, is nothing for other transports. */
export function withoutHttp(error: GraphQLError): GraphQLError {
  const { http: _, ...extensions } = error.extensions
  return new GraphQLError(error.message, { ...placeOf(error), extensions })
}

/** Without the value of a variable, which may be long, or hold a password: what is wrong with it comes behind. */
function inShort({ message, originalError }: GraphQLError): string {
  const [, variable] = /^Variable "\$(\w+)" got invalid value /.exec(message) ?? []
  if (!variable || !originalError) return cut(message)
  const reason = originalError.message
  const [, path = variable] = / at "([\w.[\]]{1,200})"$/.exec(message.slice(0, -`; ${reason}`.length)) ?? []
  return cut(`Variable "$${variable}" got an invalid value at "${path}"; ${reason}`)
}

/** What should have been a string may be a password all the same: its value is left out wherever it stands. */
function cut(message: string): string {
  const known = message.replace(/(String cannot represent a non string value): .*$/s, '$1.')
  return known.length > LONGEST_MESSAGE ? `${known.slice(0, LONGEST_MESSAGE)}…` : known
}

function placeOf({ nodes, source, positions, path }: GraphQLError) {
  return { nodes: nodes ?? null, source: source ?? null, positions: positions ?? null, path: path ?? null }
}
