import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { MetricsReaders } from '../config.ts'
import { bearerToken } from './asker.ts'

export const METRICS_PATH = '/metrics'

/** Any of them is a proxy's, which asks from this machine for somebody elsewhere. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

export type MetricsEndpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export interface ReadableMetrics {
  /** The media type of their text. */
  readonly contentType: string
  text(): Promise<string>
}

/** Answers in Prometheus' text format; whom it isn't meant for, as if there were none. */
export function createMetricsEndpoint(metrics: ReadableMetrics, readers: MetricsReaders): MetricsEndpoint {
  return async (request, response) => {
    if (typeof readers === 'object' && !isSame(bearerToken(request.headers.authorization) ?? '', readers.token)) {
      response.writeHead(401, { 'content-type': 'text/plain', 'www-authenticate': 'Bearer' })
      return void response.end('Send METRICS_TOKEN as "Authorization: Bearer …".\n')
    }
    if (readers === 'local' && !isLocal(request)) {
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n')
    }
    const text = await metrics.text()
    response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(text)
  }
}

/** Neither through a proxy, nor from a web page whose name was made to point here. */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  const isHere = /^(::1|(::ffff:)?127\.[\d.]+)$/.test(socket.remoteAddress ?? '')
  return isHere && !PROXY_HEADERS.some((name) => name in headers) && isLocalName(headers.host ?? '')
}

function isLocalName(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host)
}

/** In a time that doesn't tell how much of it is right. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [given, token].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}
