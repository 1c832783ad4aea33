import type { ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { ChatError } from '../errors.ts'
import type { Context, Services } from '../graphql/context.ts'
import { isMeantForClients, maskError, useErrorCodes } from '../graphql/error-codes.ts'
import { schema } from '../graphql/schema.ts'
import type { Limits } from '../limits.ts'
import type { Connections } from './connections.ts'
import { useJsonBodies } from './json-bodies.ts'
import type { ServerObserver } from './observer.ts'
import type { OperationReports } from './operation-reports.ts'
import { useReportedRequests } from './reported-requests.ts'
import { ResponseLine, useSseStreams } from './sse-streams.ts'

export const GRAPHQL_PATH = '/graphql'

const CACHED_DOCUMENTS = 2_000_000 // characters

export type GraphQLServer = ReturnType<typeof createGraphQLServer>

/** Queries, mutations, SSE and GraphiQL over HTTP; WebSockets have it parse, validate and execute for them. */
export function createGraphQLServer(deps: {
  services: Services
  connections: Connections
  reports: OperationReports
  observer: ServerObserver
  limits: Limits
  logger: Logger
}) {
  const { services, connections, reports, observer, limits, logger } = deps
  return createYoga<{ res?: ServerResponse }, Context>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    context: async ({ request, res }) => ({
      ...services,
      res,
      line: res && new ResponseLine(res),
      ...(await whoAsks(services, request)),
    }),
    plugins: [
      useReportedRequests(reports),
      useErrorCodes(),
      useJsonBodies(limits.messageBytes),
      useSseStreams({ connections, reports, observer }),
    ],
    maskedErrors: { maskError },
    logging: {
      debug() {},
      info() {},
      warn: logger.warn.bind(logger),
      error: (error: unknown) => logError(logger, error),
    },
    multipart: false,
    maxRequestBodySize: false,
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createDocumentCache() },
    cors: { origin: '*', credentials: false, exposedHeaders: ['x-request-id'] },
    landingPage: false,
    // Over SSE, which carries the page's headers, and so the token.
    graphiql: { title: 'ChatServer', subscriptionsProtocol: 'SSE', defaultQuery: DEFAULT_QUERY },
    // Nine megabytes of script, served from here so that it works without internet access.
    renderGraphiQL: async (options) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
  })
}

const DEFAULT_QUERY = `# Sign in, and put the token into Headers below: {"authorization": "Bearer …"}
mutation SignIn {
  login(input: { login: "tom", password: "password123" }) {
    accessToken
    user { displayName }
  }
}

mutation Send {
  sendDirectMessage(input: { to: { username: "jerry" }, content: "Hello, Jerry" }) {
    message { id seq content status }
  }
}

subscription Listen {
  inbox { type cursor message { seq sender { username } content } }
}
`

/** Yoga's own is bounded in number alone, and operations may be large. */
function createDocumentCache<Value extends object>() {
  return new LRUCache<string, Value>({
    maxSize: CACHED_DOCUMENTS,
    sizeCalculation: (_document, text) => text.length + 1,
  })
}

async function whoAsks(
  { sessions }: Services,
  request: Request,
): Promise<Pick<Context, 'viewer' | 'refusal' | 'confirmViewer' | 'userAgent'>> {
  const userAgent = request.headers.get('user-agent')
  const token = bearerToken(request.headers.get('authorization'))
  if (!token) return { viewer: null, userAgent }
  try {
    const confirmViewer = () => sessions.authenticate(token)
    return { viewer: await confirmViewer(), confirmViewer, userAgent }
  } catch (error) {
    // A stale token must not keep anyone from signing in anew: what needs a viewer tells of it.
    if (error instanceof ChatError) return { viewer: null, refusal: error, userAgent }
    throw error
  }
}

/** The token of “Bearer <token>”. */
export function bearerToken(authorization: unknown): string | null {
  return (typeof authorization === 'string' && /^Bearer +(\S+)$/i.exec(authorization)?.[1]) || null
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
