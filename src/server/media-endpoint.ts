import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { ChatError } from '../errors.ts'
import { answerError, refuse } from './media-answers.ts'
import { sendMedia } from './media-download.ts'
import { MEDIA_PATH, receiveMedia, type UploadDeps } from './media-upload.ts'
import type { ServerObserver } from './observer.ts'
import type { OperationReports } from './operation-reports.ts'
import { answerPreflight, EXPOSED_HEADERS, type Origins } from './origins.ts'

/** What each answer says, so that nothing that was uploaded can act in this origin. */
const HEADERS = {
  'content-security-policy': "default-src 'none'; img-src 'self'; media-src 'self'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
}

export type MediaEndpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export function isMediaPath(path: string | undefined): boolean {
  return path === MEDIA_PATH || path?.startsWith(`${MEDIA_PATH}/`) === true
}

/**
 * Takes uploads at MEDIA_PATH, from who is signed in on a page that is welcome, and serves them below it, to who knows
 * their URL: on any page, since a message may be shown anywhere, and the URL is all that it takes.
 */
export function createMediaEndpoint(
  deps: UploadDeps & { origins: Origins; reports: OperationReports; observer: ServerObserver; logger: Logger },
): MediaEndpoint {
  const { origins, reports, observer, media, logger } = deps
  return async (request, response) => {
    const { method = '' } = request
    const [path = ''] = request.url?.split('?', 1) ?? []
    const isUpload = path === MEDIA_PATH
    const methods = isUpload ? ['POST', 'OPTIONS'] : ['GET', 'HEAD', 'OPTIONS']
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    try {
      if (isUpload ? origins.answer(request, response, methods) : answerAnybody(request, response, methods)) return
      if (!methods.includes(method)) {
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

/** @returns whether the request has been answered */
function answerAnybody(request: IncomingMessage, response: ServerResponse, methods: string[]): boolean {
  response.setHeader('access-control-allow-origin', '*').setHeader('access-control-expose-headers', EXPOSED_HEADERS)
  if (request.method !== 'OPTIONS') return false
  answerPreflight(request, response, methods)
  return true
}
