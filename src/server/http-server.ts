import { createServer, type IncomingMessage, type Server } from 'node:http'
import { GRAPHQL_PATH, type GraphQLServer } from './graphql-server.ts'
import { isMediaPath, type MediaEndpoint } from './media-endpoint.ts'
import type { WebClient } from './web-client.ts'

/**
 * @param isReady whether this server should be sent work: false before it has started and while it stops
 * @param notice what is amiss with it all the same
 * @param web the page at `/`, which leads to GraphiQL without one
 */
export function createHttpServer(
  graphql: GraphQLServer,
  media: MediaEndpoint,
  isReady: () => Promise<boolean>,
  notice: () => string | null,
  web: WebClient | null,
): Server {
  return createServer(async (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? ''
    if (web?.(request, response, path)) return
    switch (path) {
      case '/health':
        return response.writeHead(200, { 'content-type': 'text/plain' }).end('alive\n')
      case '/ready': {
        const ready = await isReady()
        return response
          .writeHead(ready ? 200 : 503, { 'content-type': 'text/plain' })
          .end(`${[ready ? 'ready' : 'not ready', notice() ?? []].flat().join('; ')}\n`)
      }
      case '/':
        return response.writeHead(302, { location: GRAPHQL_PATH }).end()
      default:
        if (!hasUrl(request)) {
          return response.writeHead(400, { 'content-type': 'text/plain' }).end('bad Host header or path\n')
        }
        return isMediaPath(path) ? media(request, response) : graphql(request, response)
    }
  })
}

/** Yoga puts host and path together, and would answer with a stack where that is no URL. */
function hasUrl({ url = '', headers }: IncomingMessage): boolean {
  return url.startsWith('/') && URL.canParse(`http://${headers.host || 'localhost'}${url}`)
}
