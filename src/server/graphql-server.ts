import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import { createYoga } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { Context, Services } from '../graphql/context.ts'
import { useDocumentCache } from '../graphql/document-cache.ts'
import { isMeantForClients, maskError, useErrorCodes } from '../graphql/error-codes.ts'
import { useHiddenSchema, withoutSuggestion } from '../graphql/hidden-schema.ts'
import { useOperationLimits } from '../graphql/operation-limits.ts'
import { type PersistedOperations, usePersistedOperations } from '../graphql/persisted-operations.ts'
import { schema } from '../graphql/schema.ts'
import type { Limits } from '../limits.ts'
import { type Asker, useAsker } from './asker.ts'
import type { ClientAddresses } from './client-address.ts'
import type { Connections } from './connections.ts'
import { useJsonBodies } from './json-bodies.ts'
import type { ServerObserver } from './observer.ts'
import type { OperationReports } from './operation-reports.ts'
import { useReportedRequests } from './reported-requests.ts'
import { ResponseLine, useSseStreams } from './sse-streams.ts'

export const GRAPHQL_PATH = '/graphql'

export type GraphQLServer = ReturnType<typeof createGraphQLServer>

/** Queries, mutations and SSE over HTTP; WebSockets have it parse, validate and execute for them. */
export function createGraphQLServer(deps: {
  services: Services
  connections: Connections
  /** Null where any operation may run. */
  persisted: PersistedOperations | null
  addresses: ClientAddresses
  /** Whether it tells clients what the schema is. */
  introspection: boolean
  reports: OperationReports
  observer: ServerObserver
  limits: Limits
  logger: Logger
}) {
  const { services, connections, persisted, addresses, introspection, reports, observer, limits, logger } = deps
  return createYoga<{ req?: IncomingMessage; res?: ServerResponse; asker?: Asker }, Context>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    context: ({ res, asker }) => ({
      ...services,
      res,
      line: res && new ResponseLine(res),
      ...(asker ?? { viewer: null, userAgent: null, network: '' }),
    }),
    plugins: [
      useReportedRequests(reports),
      ...(introspection ? [] : [useHiddenSchema()]),
      useErrorCodes(),
      useAsker(services, addresses),
      useOperationLimits(limits),
      useDocumentCache(),
      ...(persisted ? [usePersistedOperations(persisted)] : []),
      useJsonBodies(limits),
      useSseStreams({ connections, reports, observer }),
    ],
    maskedErrors: { maskError: introspection ? maskError : (error) => withoutSuggestion(maskError(error)) },
    logging: {
      debug() {},
      info() {},
      warn: logger.warn.bind(logger),
      error: (error: unknown) => logError(logger, error),
    },
    multipart: false,
    maxRequestBodySize: false,
    parserAndValidationCache: false,
    cors: false,
    landingPage: false,
    graphiql: false,
  })
}

/** What clients are told of errors, the server's own faults logged. */
export function reportErrors(logger: Logger, errors: readonly unknown[]): GraphQLError[] {
  for (const error of errors) logError(logger, error)
  return errors.map(maskError)
}

/** Yoga reports every error that it was given another one for, those that only lacked a code among them. */
function logError(logger: Logger, error: unknown): void {
  if (isMeantForClients(error)) return
  const cause = error instanceof GraphQLError ? error.originalError : error
  logger.error({ err: cause }, 'An operation failed unexpectedly')
}
