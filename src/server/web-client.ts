import { readdir, readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import mime from 'mime'
import { acceptedEncodings } from './accepted-encodings.ts'
import { WEB_CLIENT_CSP } from './security-headers.ts'

const HEADERS = {
  'content-security-policy': WEB_CLIENT_CSP,
  vary: 'accept-encoding',
}

/** Built names carry a hash of their content; the page that names them is asked for anew each time. */
const CACHING = { hashed: 'public, max-age=31536000, immutable', other: 'no-cache' }

const ENCODINGS = { br: '.br', gzip: '.gz' } as const

/** Answers requests for the web client's files. @returns false where it has none at this path */
export type WebClient = (request: IncomingMessage, response: ServerResponse, path: string) => boolean

/**
 * Takes the built web client into memory, so that no path leads anywhere else.
 * @returns null where it has not been built
 */
export async function loadWebClient(folder: string): Promise<WebClient | null> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = new Map<string, Buffer>()
  for (const name of names) {
    if (!name.isFile()) continue
    const path = join(name.parentPath, name.name)
    files.set(path.slice(folder.length).replaceAll('\\', '/'), await readFile(path))
  }
  if (!files.has('/index.html')) return null

  return (request, response, path) => {
    const name = path === '/' ? '/index.html' : path
    const isCompressed = Object.values(ENCODINGS).some((ending) => name.endsWith(ending))
    const file = isCompressed ? undefined : files.get(name)
    if (!file) return false
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD', 'content-type': 'text/plain' }).end(`${path} takes GET, HEAD.\n`)
      return true
    }
    const encoding = pickEncoding(request, (ending) => files.has(name + ending))
    const content = (encoding && files.get(name + ENCODINGS[encoding])) ?? file
    response
      .writeHead(200, {
        ...HEADERS,
        'content-type': contentType(name),
        'content-length': content.length,
        'cache-control': name.startsWith('/assets/') ? CACHING.hashed : CACHING.other,
        ...(encoding && { 'content-encoding': encoding }),
      })
      .end(request.method === 'HEAD' ? undefined : content)
    return true
  }
}

function pickEncoding(request: IncomingMessage, has: (ending: string) => boolean): keyof typeof ENCODINGS | null {
  const accepted = acceptedEncodings(request)
  if (accepted.includes('br') && has(ENCODINGS.br)) return 'br'
  return accepted.includes('gzip') && has(ENCODINGS.gzip) ? 'gzip' : null
}

function contentType(name: string): string {
  const type = mime.getType(name) ?? 'application/octet-stream'
  return /^text\/|javascript$|svg/.test(type) ? `${type}; charset=utf-8` : type
}
