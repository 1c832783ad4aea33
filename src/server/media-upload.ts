import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { parse } from 'content-disposition'
import type { SessionService } from '../auth/session-service.ts'
import { ChatError, unauthenticated } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { tooLarge } from '../media/media-files.ts'
import type { MediaService } from '../media/media-service.ts'
import type { Rates } from '../rates/rates.ts'
import { bearerToken } from './asker.ts'
import { type ClientAddresses, networkOf } from './client-address.ts'
import { isEncoded, NOT_ENCODED } from './json-bodies.ts'

export const MEDIA_PATH = '/media'

export interface UploadDeps {
  media: MediaService
  sessions: SessionService
  /** Where clients reach the server; left out, the request tells. */
  publicUrl: string | undefined
  addresses: ClientAddresses
  rates: Rates
  limits: Limits
}

/**
 * Stores the body of a request as a file, and answers where it can be had.
 * @returns the file's bytes
 * @throws ChatError as `MediaService.upload`; UNAUTHENTICATED; RATE_LIMITED; UNSUPPORTED_MEDIA_TYPE; REQUEST_TIMEOUT
 */
export async function receiveMedia(
  request: IncomingMessage,
  response: ServerResponse,
  { media, sessions, publicUrl, addresses, rates, limits }: UploadDeps,
): Promise<{ size: number }> {
  function refuseStranger(error: unknown): never {
    rates.take('anonymous', networkOf(addresses.addressOf(request)))
    throw error
  }
  const token = bearerToken(request.headers.authorization)
  const viewer = token ? await sessions.authenticate(token).catch(refuseStranger) : refuseStranger(unauthenticated())
  rates.take('upload', viewer.userId)
  if (isEncoded(request.headers['content-encoding'])) throw new ChatError('UNSUPPORTED_MEDIA_TYPE', NOT_ENCODED)
  if (Number(request.headers['content-length']) > limits.mediaBytes) throw tooLarge(limits.mediaBytes)

  const body = openBody(request, limits.uploadTimeout)
  const { id, extension, type, name, size, width, height } = await media
    .upload(viewer, body, fileName(request))
    .finally(() => {
      // What is still to come, where it is refused, has nowhere to go but past it.
      request.unpipe(body)
      body.destroy()
    })

  const url = `${publicUrl ?? addresses.originOf(request)}${MEDIA_PATH}/${id}.${extension}`
  const answer = JSON.stringify({ url, type, name, size, width, height })
  response.writeHead(201, { 'content-type': 'application/json', location: url }).end(answer)
  return { size }
}

/** The body, which can fail without the connection, so that the client can be told why. @param timeout ms */
function openBody(request: IncomingMessage, timeout: number): PassThrough {
  const body = new PassThrough()
  // Who reads it hears of its failure; before anybody does, that would end the process.
  body.on('error', () => {})
  const seconds = timeout / 1_000
  const late = new ChatError('REQUEST_TIMEOUT', `An upload may take ${seconds} seconds: try again on a faster line.`)
  const timer = setTimeout(() => body.destroy(late), timeout)
  body.once('close', () => clearTimeout(timer))
  const endEarly = () => {
    if (!request.complete) body.destroy(new Error('The client has gone'))
  }
  if (request.closed) endEarly()
  request.once('close', endEarly)
  return request.pipe(body)
}

/** From `?name=`, or else the header that a form would send. */
function fileName({ url = '', headers }: IncomingMessage): string | null {
  const name = new URLSearchParams(url.split('?')[1]).get('name')
  if (name !== null) return name
  const { 'content-disposition': disposition } = headers
  try {
    return (disposition && parse(disposition).parameters['filename']) || null
  } catch {
    return null
  }
}
