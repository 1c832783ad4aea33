import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Limits } from '../limits.ts'
import type { GraphiQL } from './graphiql.ts'
import { GRAPHQL_PATH, type GraphQLServer } from './graphql-server.ts'
import { isMediaPath, type MediaEndpoint } from './media-endpoint.ts'
import { METRICS_PATH, type MetricsEndpoint } from './metrics-endpoint.ts'
import { observeRequests } from './observed-requests.ts'
import type { Origins } from './origins.ts'
import type { Headers } from './security-headers.ts'
import type { WebClient } from './web-client.ts'

const LONGEST_REQUEST = 300_000 // ms; its head, an operation's body and an upload each have a shorter time of their own
const TIMEOUT_CHECK = 1_000 // ms between two looks at who is too slow
const LINGER = 2_000 // ms that a client who still sends has to read his answer
const LARGEST_HEAD = 16_384 // bytes of a request's first line and headers

/** Serves everything on one port, besides WebSockets. */
export function createHttpServer(
  deps: Parameters<typeof observeRequests>[1] & {
    graphql: GraphQLServer
    /** The page at `/`, which leads to GraphiQL without one. */
    web: WebClient | null
    /** Null where there is none. */
    graphiql: GraphiQL | null
    media: MediaEndpoint
    /** Null where there are none. */
    metrics: MetricsEndpoint | null
    origins: Origins
    /** That every answer has. */
    headers: Headers
    limits: Limits
    /** Whether this server should be sent work: false before it has started and while it stops. */
    isReady: () => Promise<boolean>
    /** What is amiss with it all the same. */
    notice: () => string | null
  },
): Server {
  const { graphql, web, graphiql, media, metrics, origins, headers, limits, isReady, notice } = deps
  const always = Object.entries(headers)
  const options = {
    maxHeaderSize: LARGEST_HEAD,
    // Java's client offers HTTP/2 with each request, which is to be answered as if it hadn't.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
    headersTimeout: limits.requestTimeout,
    requestTimeout: LONGEST_REQUEST,
    connectionsCheckingInterval: Math.min(TIMEOUT_CHECK, limits.requestTimeout),
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const path = request.url?.split('?', 1)[0] ?? ''
    for (const [name, value] of always) response.setHeader(name, value)
    response.once('finish', () => hangUp(request))
    if (web?.(request, response, path)) return
    switch (path) {
      case '/health':
        return sendText(response, 200, 'alive')
      case '/ready': {
        const ready = await isReady()
        return sendText(response, ready ? 200 : 503, [ready ? 'ready' : 'not ready', notice() ?? []].flat().join('; '))
      }
      case '/':
        return response.writeHead(302, { location: GRAPHQL_PATH }).end()
      default:
        if (!hasUrl(request)) return sendText(response, 400, 'bad Host header or path')
        if (path === METRICS_PATH && metrics) return metrics(request, response)
        if (isMediaPath(path)) return media(request, response)
        if (path !== GRAPHQL_PATH) {
          if (await graphiql?.sendFile(path, request, response)) return
          // Yoga would take every address that ends like its own, past the look at where the page comes from.
          return sendText(response, 404, 'not found')
        }
        if (origins.answer(request, response, ['GET', 'POST', 'OPTIONS'])) return
        if (!wantsPage(request)) return graphql(request, response)
        response.appendHeader('vary', 'Accept')
        return graphiql ? graphiql.sendPage(response) : sendText(response, 200, WITHOUT_GRAPHIQL)
    }
  }

  return createServer(options, observeRequests(answer, deps))
}

/** Who has his answer, and sends on, would keep the connection. */
function hangUp(request: IncomingMessage): void {
  if (request.complete) return
  const timer = setTimeout(() => request.socket.destroy(), LINGER)
  request.once('close', () => clearTimeout(timer))
}

const WITHOUT_GRAPHIQL = `This is a chat server. Its clients POST GraphQL operations to ${GRAPHQL_PATH}, as application/json.`

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}

/** It is a browser at which somebody has typed the address. */
function wantsPage({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.accept?.includes('text/html') === true
}

/** Yoga puts host and path together, and would answer with a stack where that is no URL. */
function hasUrl({ url = '', headers }: IncomingMessage): boolean {
  return url.startsWith('/') && URL.canParse(`http://${headers.host || 'localhost'}${url}`)
}
