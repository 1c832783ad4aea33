import type { IncomingMessage } from 'node:http'
import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/**
 * Takes operations as JSON alone: a form on any web page can post something else without asking the browser's
 * permission. Reads them from Node's request itself, as the way through web streams took longer than all the rest.
 * @param limit bytes
 */
export function useJsonBodies(limit: number): Plugin<object, { req?: IncomingMessage }> {
  return {
    onRequest({ request, endResponse, fetchAPI }) {
      const type = request.headers.get('content-type')?.split(';')[0]?.trim()
      if (request.method !== 'POST' || type === 'application/json' || type === 'application/graphql+json') return
      const message = 'Send the operation as application/json.'
      const body = { errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] }
      endResponse(fetchAPI.Response.json(body, { status: 415 }))
    },
    onRequestParse({ request: { method }, serverContext: { req }, setRequestParser }) {
      if (method === 'POST' && req) setRequestParser(async () => parseBody(await readBody(req, limit)))
    },
  }
}

/** What is beyond the limit is read as well, and dropped. */
function readBody(request: IncomingMessage, limit: number): Promise<string> {
  const tooLarge = () => refusal(413, 'REQUEST_ENTITY_TOO_LARGE', 'Request body too large')
  if (Number(request.headers['content-length']) > limit) throw tooLarge()
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else reject(tooLarge())
    })
    request.once('end', () => resolve(String(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))))
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
