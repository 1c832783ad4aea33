import { imageDimensionsFromData } from 'image-dimensions'

/** How many of a file's first bytes tell what it is. */
export const HEAD_BYTES = 262_144

const LARGEST_SIDE = 1_000_000 // pixels; a header that tells of more tells nothing

export interface MediaType {
  type: string
  /** Without a dot; known for this type, or at least for the same kind of it: image, video, audio or another. */
  extension: string
}

/** What may be uploaded, by what file-type calls it. None of it can run scripts where it is shown. */
export const MEDIA_TYPES: Readonly<Record<string, readonly [type: string, extension: string]>> = {
  'image/jpeg': ['image/jpeg', 'jpg'],
  'image/png': ['image/png', 'png'],
  'image/apng': ['image/png', 'png'],
  'image/gif': ['image/gif', 'gif'],
  'image/webp': ['image/webp', 'webp'],
  'image/avif': ['image/avif', 'avif'],
  'image/heic': ['image/heic', 'heic'],
  'image/heif': ['image/heif', 'heif'],
  'video/mp4': ['video/mp4', 'mp4'],
  'video/x-m4v': ['video/mp4', 'mp4'],
  'video/quicktime': ['video/quicktime', 'mov'],
  'video/webm': ['video/webm', 'webm'],
  'video/matroska': ['video/x-matroska', 'mkv'],
  'video/3gpp': ['video/3gpp', '3gp'],
  'video/ogg': ['video/ogg', 'ogv'],
  'video/vnd.avi': ['video/x-msvideo', 'avi'],
  'audio/mpeg': ['audio/mpeg', 'mp3'],
  'audio/mp4': ['audio/mp4', 'm4a'],
  'audio/x-m4a': ['audio/mp4', 'm4a'],
  'audio/ogg': ['audio/ogg', 'ogg'],
  'audio/ogg; codecs=opus': ['audio/ogg', 'opus'],
  'audio/wav': ['audio/wav', 'wav'],
  'audio/flac': ['audio/flac', 'flac'],
  'audio/aac': ['audio/aac', 'aac'],
  'application/pdf': ['application/pdf', 'pdf'],
  'application/rtf': ['application/rtf', 'rtf'],
  'application/epub+zip': ['application/epub+zip', 'epub'],
  ...office('vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'),
  ...office('vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'),
  ...office('vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'),
  ...office('vnd.oasis.opendocument.text', 'odt'),
  ...office('vnd.oasis.opendocument.spreadsheet', 'ods'),
  ...office('vnd.oasis.opendocument.presentation', 'odp'),
  'application/zip': ['application/zip', 'zip'],
  'application/gzip': ['application/gzip', 'gz'],
  'application/x-tar': ['application/x-tar', 'tar'],
  'application/x-7z-compressed': ['application/x-7z-compressed', '7z'],
  'application/x-bzip2': ['application/x-bzip2', 'bz2'],
  'application/x-xz': ['application/x-xz', 'xz'],
}

const TEXT: MediaType = { type: 'text/plain', extension: 'txt' }

/**
 * What a file is, by its bytes alone; null where it is none of MEDIA_TYPES, nor plain text.
 * @param head its first HEAD_BYTES, or all of it
 */
export async function sniffType(head: Uint8Array): Promise<MediaType | null> {
  // Loaded with the first upload, as a start doesn't wait for it.
  const { fileTypeFromBuffer } = await import('file-type')
  const sniffed = await fileTypeFromBuffer(head).catch(() => undefined)
  const [type, extension] = (sniffed && MEDIA_TYPES[sniffed.mime]) ?? []
  if (type && extension) return { type, extension }
  // A text may begin like anything: “MZ” is how programs for Windows do.
  return isPlainText(head) ? TEXT : null
}

/** The sides of an image as it is stored, in pixels, not turned by its EXIF; null where it doesn't tell. */
export function imageDimensions(head: Uint8Array): { width: number | null; height: number | null } {
  try {
    const { width = 0, height = 0 } = imageDimensionsFromData(head) ?? {}
    const isSide = (side: number) => side > 0 && side <= LARGEST_SIDE
    if (isSide(width) && isSide(height)) return { width, height }
  } catch {
    // It is broken, or made to break what reads it.
  }
  return { width: null, height: null }
}

/** UTF-8 without control characters that doesn't begin as HTML, SVG or XML do, or as a script. */
function isPlainText(head: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return !/(?![\t\n\f\r])\p{Cc}/u.test(text) && !/^\s*<[a-z!?/]/i.test(text) && !text.startsWith('#!')
  } catch {
    return false
  }
}

function office(name: string, extension: string): Record<string, readonly [string, string]> {
  return { [`application/${name}`]: [`application/${name}`, extension] }
}
