import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { answerError, refuse } from './media-answers.ts'
import { sendMedia } from './media-download.ts'
import { MEDIA_PATH, receiveMedia, type UploadDeps } from './media-upload.ts'
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
export function createMediaEndpoint(deps: UploadDeps & { origins: Origins; logger: Logger }): MediaEndpoint {
  return async (request, response) => {
    const { method = '' } = request
    const [path = ''] = request.url?.split('?', 1) ?? []
    const isUpload = path === MEDIA_PATH
    const methods = isUpload ? ['POST', 'OPTIONS'] : ['GET', 'HEAD', 'OPTIONS']
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    try {
      if (isUpload ? deps.origins.answer(request, response, methods) : answerAnybody(request, response, methods)) return
      if (!methods.includes(method)) {
        response.setHeader('allow', methods.join(', '))
        refuse(request, response, 405, { code: 'BAD_USER_INPUT', message: `${path} takes ${methods.join(', ')}.` })
      } else if (isUpload) await receiveMedia(request, response, deps)
      else await sendMedia(request, response, deps.media)
    } catch (error) {
      answerError(request, response, error, deps.logger)
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
