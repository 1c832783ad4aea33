import type { IncomingMessage } from 'node:http'
import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Limits } from '../limits.ts'

/**
 * Takes operations as JSON alone: a form on any web page can post something else without asking the browser's
 * permission. Reads them from Node's request itself, as the way through web streams took longer than all the rest.
 * A compressed one isn't taken, as a few bytes may unfold to any number.
 */
export function useJsonBodies({
  messageBytes,
  requestTimeout,
}: Pick<Limits, 'messageBytes' | 'requestTimeout'>): Plugin<object, { req?: IncomingMessage }> {
  return {
    onRequest({ request, endResponse, fetchAPI }) {
      if (request.method !== 'POST') return
      const type = request.headers.get('content-type')?.split(';')[0]?.trim()
      const isJson = type === 'application/json' || type === 'application/graphql+json'
      if (isJson && !isEncoded(request.headers.get('content-encoding'))) return
      const message = isJson ? NOT_ENCODED : 'Send the operation as application/json.'
      const body = { errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] }
      endResponse(fetchAPI.Response.json(body, { status: 415 }))
    },
    onRequestParse({ request: { method }, serverContext: { req }, setRequestParser }) {
      if (method !== 'POST' || !req) return
      setRequestParser(async () => parseBody(await readBody(req, messageBytes, requestTimeout)))
    },
  }
}

export const NOT_ENCODED = 'Send the body as it is, without Content-Encoding.'

/** @param encoding a request's Content-Encoding */
export function isEncoded(encoding: string | null | undefined): boolean {
  return Boolean(encoding) && encoding?.toLowerCase() !== 'identity'
}

/**
 * What is beyond the limit is read as well, and dropped.
 * @param limit bytes
 * @param timeout ms
 */
function readBody(request: IncomingMessage, limit: number, timeout: number): Promise<string> {
  const tooLarge = () => refusal(413, 'REQUEST_ENTITY_TOO_LARGE', 'Request body too large')
  if (Number(request.headers['content-length']) > limit) throw tooLarge()
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const timer = setTimeout(() => {
      reject(refusal(408, 'REQUEST_TIMEOUT', `An operation may take ${timeout / 1_000} seconds to arrive: try again.`))
    }, timeout)
    request.once('close', () => clearTimeout(timer))
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else reject(tooLarge())
    })
    request.once('end', () => {
      clearTimeout(timer)
      resolve(String(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    })
    request.once('error', () => reject(refusal(400, 'BAD_REQUEST', 'POST body was cut short.')))
  })
}

function parseBody(text: string) {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null) return body
  } catch {
    throw refusal(400, 'BAD_REQUEST', 'POST body sent invalid JSON.')
  }
  throw refusal(400, 'BAD_REQUEST', 'POST body must be a JSON object.')
}

function refusal(status: number, code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } })
}
