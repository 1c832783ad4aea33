import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { runInScope } from '../request-scope.ts'
import type { ClientAddresses } from './client-address.ts'
import { GRAPHQL_PATH } from './graphql-server.ts'
import { isMediaPath } from './media-endpoint.ts'
import { METRICS_PATH } from './metrics-endpoint.ts'
import type { ServerObserver } from './observer.ts'
import { REQUEST_ID_HEADER, requestIdOf } from './request-ids.ts'

const CLIENT_GONE = 499 // nginx's status of a request whose client hasn't waited for the answer

/**
 * Answers requests in their scope, tells their clients what they are called, and counts the answers. Those that aren't
 * operations are logged here: at level debug, or trace where nobody but a monitor asks.
 */
export function observeRequests(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<unknown>,
  { addresses, observer, logger }: { addresses: ClientAddresses; observer: ServerObserver; logger: Logger },
): RequestListener {
  /** What nobody has caught would end the process. */
  function fail(error: unknown, response: ServerResponse): void {
    logger.error({ err: error }, 'A request failed unexpectedly')
    if (response.headersSent) response.destroy()
    else response.writeHead(500).end()
  }

  return (request, response) => {
    const since = performance.now()
    const scope = { requestId: requestIdOf(request), address: addresses.addressOf(request) }
    const route = routeOf(request.url?.split('?', 1)[0])
    response.setHeader(REQUEST_ID_HEADER, scope.requestId)
    response.once('close', () => {
      const status = response.headersSent ? response.statusCode : CLIENT_GONE
      observer.request(route, status)
      const level = route === 'media' ? 'debug' : 'trace'
      if (route === 'graphql' || !logger.isLevelEnabled(level)) return
      const duration = Math.round(performance.now() - since)
      // Without the URL: whoever knows it may open an upload.
      runInScope(scope, () =>
        logger[level]({ route, method: request.method, status, duration, address: scope.address }, 'Request answered'),
      )
    })
    void runInScope(scope, () => answer(request, response).catch((error) => fail(error, response)))
  }
}

/** One of a few, whatever the client asks for. */
function routeOf(path: string | undefined): string {
  switch (path) {
    case GRAPHQL_PATH:
      return 'graphql'
    case METRICS_PATH:
    case '/health':
    case '/ready':
      return path.slice(1)
    default:
      return isMediaPath(path) ? 'media' : 'other'
  }
}
