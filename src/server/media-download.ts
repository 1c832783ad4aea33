import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { create as contentDisposition } from 'content-disposition'
import { notFound } from '../errors.ts'
import type { Media } from '../generated/prisma/client.ts'
import type { MediaService } from '../media/media-service.ts'
import { refuse } from './media-answers.ts'

const LONGEST_STALL = 60_000 // ms that a client may read nothing

/** Of the file, not of an error in its place. */
const FILE_HEADERS = ['cache-control', 'content-disposition', 'content-type', 'etag']

/**
 * Sends a file, or the ranges of it that are asked for. It never changes, and its URL is all that opens it.
 * @throws ChatError NOT_FOUND
 */
export async function sendMedia(
  request: IncomingMessage,
  response: ServerResponse,
  { find, provide, folder }: MediaService,
): Promise<void> {
  const [, id, extension] = /^\/media\/([0-9a-f]{32})\.(\w+)(?:\?|$)/.exec(request.url ?? '') ?? []
  const media = id ? await find(id) : null
  if (!media || media.extension !== extension) throw notFound('File')
  await provide(media)

  // Loaded with the first download, as a start doesn't wait for it.
  const { default: send } = await import('send')
  // Before its turn on its connection, an answer isn't told that this has closed: its file would stay open for good.
  if (!response.socket) await once(response, 'socket')
  if (response.destroyed) return
  // Who stops reading has the connection's buffers filled, and no more is read from the disk for him.
  response.setTimeout(LONGEST_STALL, () => response.destroy())
  await new Promise<void>((resolve, reject) => {
    response.once('close', resolve)
    send(request, media.id, { root: folder, cacheControl: false, lastModified: false, index: false })
      .on('headers', () => setFileHeaders(response, media))
      .on('error', (error: Error & { status?: number; headers?: Record<string, string> }) => {
        for (const name of FILE_HEADERS) response.removeHeader(name)
        const refusal = REFUSALS[error.status ?? 500]
        if (error.status === 404) return reject(notFound('File'))
        if (!refusal || response.headersSent) return reject(error)
        for (const [name, value] of Object.entries(error.headers ?? {})) response.setHeader(name, value)
        refuse(request, response, error.status ?? 500, { code: 'BAD_USER_INPUT', message: refusal })
      })
      .pipe(response)
  })
}

const REFUSALS: Record<number, string | undefined> = {
  412: 'The file isn’t the one that If-Match names.',
  416: 'The file has no such range.',
}

function setFileHeaders(response: ServerResponse, { id, type, name }: Media): void {
  const isShown = /^(image|video|audio)\//.test(type)
  response.setHeader('content-type', type.startsWith('text/') ? `${type}; charset=utf-8` : type)
  response.setHeader('content-disposition', contentDisposition(name, { type: isShown ? 'inline' : 'attachment' }))
  response.setHeader('cache-control', 'private, max-age=31536000, immutable')
  response.setHeader('etag', `"${id}"`)
}
