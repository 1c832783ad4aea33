import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { ChatError } from '../errors.ts'
import { answerError, refuse } from './media-answers.ts'
import { sendMedia } from './media-download.ts'
import { MEDIA_PATH, receiveMedia, type UploadDeps } from './media-upload.ts'
import type { ServerObserver } from './observer.ts'
import type { OperationReports } from './operation-reports.ts'

/** What each answer says, so that nothing that was uploaded can act in this origin, and web apps elsewhere may show it. */
const HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'accept-ranges, content-disposition, content-range, etag, location, retry-after, x-request-id',
  'content-security-policy': "default-src 'none'; img-src 'self'; media-src 'self'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
}

export type MediaEndpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export function isMediaPath(path: string | undefined): boolean {
  return path === MEDIA_PATH || path?.startsWith(`${MEDIA_PATH}/`) === true
}

/** Takes uploads at MEDIA_PATH, from who is signed in, and serves them below it, to who knows their URL. */
export function createMediaEndpoint(
  deps: UploadDeps & { reports: OperationReports; observer: ServerObserver; logger: Logger },
): MediaEndpoint {
  const { reports, observer, media, logger } = deps
  return async (request, response) => {
    const { method = '' } = request
    const [path = ''] = request.url?.split('?', 1) ?? []
    const isUpload = path === MEDIA_PATH
    const methods = isUpload ? ['POST', 'OPTIONS'] : ['GET', 'HEAD', 'OPTIONS']
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    try {
      if (method === 'OPTIONS') allow(request, response, methods)
      else if (!methods.includes(method)) {
        response.setHeader('allow', methods.join(', '))
        refuse(request, response, 405, { code: 'BAD_USER_INPUT', message: `${path} takes ${methods.join(', ')}.` })
      } else if (isUpload) observer.upload('ok', (await receiveMedia(request, response, deps)).size)
      else await sendMedia(request, response, media)
    } catch (error) {
      reports.refused(error)
      if (isUpload) observer.upload(error instanceof ChatError ? error.code : 'INTERNAL_SERVER_ERROR', 0)
      answerError(request, response, error, logger)
    }
  }
}

/** To a browser that asks whether a page of another origin may do this: as at /graphql, any may, with its own token. */
function allow({ headers }: IncomingMessage, response: ServerResponse, methods: string[]): void {
  response
    .writeHead(204, {
      allow: methods.join(', '),
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': headers['access-control-request-headers'] ?? 'authorization',
      'access-control-max-age': '86400',
      vary: 'access-control-request-headers',
    })
    .end()
}
