import type { GraphQLFormattedError } from 'graphql'
import { TypedDocumentString } from './graphql.ts'

export type Variables = Record<string, unknown>

/** The variables of an operation, to be left out where it needs none. */
export type VariablesOf<V extends Variables> = Record<string, never> extends V ? [variables?: V] : [variables: V]

/** An operation that failed, with the code and the field of its first error. */
export class RequestError extends Error {
  readonly code: unknown
  readonly field: unknown
  readonly errors: readonly GraphQLFormattedError[]

  constructor(errors: readonly GraphQLFormattedError[]) {
    super(errors.map(({ message }) => message).join('\n'))
    this.code = errors[0]?.extensions?.['code']
    this.field = errors[0]?.extensions?.['field']
    this.errors = errors
  }
}

/** An answer as it comes over the wire. */
export interface Answer<Data> {
  data?: Data | null | undefined
  errors?: readonly GraphQLFormattedError[] | undefined
}

/** @throws RequestError where the answer has errors */
export function dataOf<Data>({ data, errors }: Answer<Data>): Data {
  if (errors) throw new RequestError(errors)
  if (data == null) throw new Error('An answer with neither data nor errors.')
  return data
}

/** The operation's body in a request, on every transport. */
export function bodyOf<Data, V extends Variables>(document: TypedDocumentString<Data, V>, variables: V = {} as V) {
  if (!(document instanceof TypedDocumentString)) throw new Error('An operation without types: npm run generate.')
  return { query: document.toString(), variables }
}
