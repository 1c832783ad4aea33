import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '../config.ts'
import type { ClientAddresses } from './client-address.ts'
import { refuse } from './media-answers.ts'

const LONGEST_SHOWN = 200 // characters of an origin, in an error

/** Whose pages may use this server from within a browser. */
export interface Origins {
  /** Also where no page asks, but a program: it needs no browser to lie about where it comes from. */
  isWelcome(request: IncomingMessage): boolean
  /**
   * Tells the browser whether the page may see the answer. A page that isn't welcome gets 403, and a browser that asks
   * beforehand its answer.
   *
   * Nobody's account hangs on it: who asks proves himself with a token that no browser sends along by itself. It is for
   * what needs none, as signing in as often as one likes from the addresses of other people, and for servers that only
   * the visitors of a page can reach.
   * @param methods that it may use there
   * @returns whether the request has been answered
   */
  answer(request: IncomingMessage, response: ServerResponse, methods: readonly string[]): boolean
}

/** Of ours, which scripts of other origins may read. */
export const EXPOSED_HEADERS =
  'accept-ranges, content-disposition, content-range, etag, location, retry-after, x-request-id'

/**
 * @param others whose pages are welcome besides the server's own; `*` for all
 * @param publicUrl where clients reach the server; left out, the request's Host tells which pages are its own
 */
export function createOrigins({
  others,
  publicUrl,
  addresses,
}: {
  others: Config['corsOrigins']
  publicUrl?: string | undefined
  addresses: ClientAddresses
}): Origins {
  const known = new Set(others === '*' ? [] : others)
  if (publicUrl) known.add(new URL(publicUrl).origin)

  function isWelcome(request: IncomingMessage): boolean {
    const { origin, host } = request.headers
    if (origin === undefined || others === '*' || known.has(origin)) return true
    // A proxy may have taken TLS off without saying so.
    return !publicUrl && host !== undefined && hostOf(origin) === hostOf(addresses.originOf(request))
  }

  return {
    isWelcome,

    answer(request, response, methods) {
      const { method, headers } = request
      if (others !== '*') response.appendHeader('vary', 'Origin')
      if (!isWelcome(request)) {
        const page = String(headers.origin).slice(0, LONGEST_SHOWN)
        const message = `Pages of ${page} may not use this server. Its owner can set PUBLIC_URL, or add it to CORS_ORIGINS.`
        refuse(request, response, 403, { code: 'FORBIDDEN', message })
        return true
      }
      if (headers.origin !== undefined) {
        response.setHeader('access-control-allow-origin', others === '*' ? '*' : headers.origin)
        response.setHeader('access-control-expose-headers', EXPOSED_HEADERS)
      }
      if (method !== 'OPTIONS') return false
      answerPreflight(request, response, methods)
      return true
    },
  }
}

function hostOf(origin: string): string {
  return origin.replace(/^https?:\/\//, '').toLowerCase()
}

/** To a browser that asks whether a page of another origin may do this. */
export function answerPreflight({ headers }: IncomingMessage, response: ServerResponse, methods: readonly string[]) {
  response
    .appendHeader('vary', 'Access-Control-Request-Headers')
    .writeHead(204, {
      allow: methods.join(', '),
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': headers['access-control-request-headers'] ?? 'authorization, content-type',
      'access-control-max-age': '86400',
    })
    .end()
}
