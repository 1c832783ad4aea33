import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { ChatError, type ErrorCode, StorageError } from '../errors.ts'
import { currentScope } from '../request-scope.ts'

const LINGER = 5_000 // ms that a client who still sends has to read why that isn't wanted

const STATUS: Partial<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  REQUEST_ENTITY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
}

/** Tells the client of whatever went wrong, as far as it is meant for him, and the log of the rest. */
export function answerError(request: IncomingMessage, response: ServerResponse, error: unknown, logger: Logger): void {
  // He has gone, perhaps with half of what he wanted.
  if (response.destroyed || response.headersSent) {
    response.destroy()
  } else if (error instanceof ChatError) {
    const { code, message, extensions } = error
    if (code === 'RATE_LIMITED') response.setHeader('retry-after', Number(extensions['retryAfter']))
    if (code === 'UNAUTHENTICATED') response.setHeader('www-authenticate', 'Bearer')
    refuse(request, response, STATUS[code] ?? 500, { message, ...extensions, code })
  } else {
    logger.error({ err: error }, 'An upload or download failed unexpectedly')
    const [status, message] = isStorageFault(error) ? STORAGE_FAULT : OWN_FAULT
    refuse(request, response, status, { code: 'INTERNAL_SERVER_ERROR', message, ...requestIdOf() })
  }
}

const STORAGE_FAULT = [507, 'The server can’t store anything right now: try again.'] as const
const OWN_FAULT = [500, 'Something went wrong on the server. It has been logged; try again.'] as const

/** Answers as GraphQL does: `{ "errors": [{ "message": …, "extensions": { "code": … } }] }`. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  { message, ...extensions }: { message: string; code: string; requestId?: string },
): void {
  const body = JSON.stringify({ errors: [{ message, extensions }] })
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  if (request.complete || request.method !== 'POST') return void response.writeHead(status, headers).end(body)
  // Ended at once, the connection would be reset under who still sends, and the answer lost.
  response.writeHead(status, { ...headers, connection: 'close' }).write(body)
  const end = () => void response.end()
  const timer = setTimeout(end, LINGER)
  request.once('close', () => clearTimeout(timer)).once('end', end)
  request.resume()
}

function requestIdOf(): { requestId?: string } {
  const { requestId } = currentScope() ?? {}
  return requestId ? { requestId } : {}
}

function isStorageFault(error: unknown): boolean {
  if (error instanceof StorageError) return true
  const { code } = Object(error) as NodeJS.ErrnoException
  return /^(ENOSPC|EDQUOT|EFBIG|EROFS|EIO)$/.test(code ?? '')
}
