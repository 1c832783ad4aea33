import mime from 'mime'
import type { MediaType } from './media-types.ts'

const LONGEST_NAME = 100 // characters

/** What no file system, no header and no reader should have to cope with; `\p{Cf}` turns the direction of text. */
const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}"*:<>?|]/gu

/**
 * A name that a file can be saved under anywhere, and that tells its type.
 * @param given by whoever uploaded it, perhaps with a path before it
 */
export function cleanName(given: string | null, { type, extension }: MediaType): string {
  const [last = ''] = (given ?? '').split(/[/\\]/).slice(-1)
  const name = last.normalize().replace(UNFIT, '').trim().replace(/^\.+/, '')
  const short = [...name].slice(-LONGEST_NAME).join('')
  if (!short) return `file.${extension}`
  return endsLike(short, extension) || mime.getType(short) === type ? short : `${short}.${extension}`
}

function endsLike(name: string, extension: string): boolean {
  return name.toLowerCase().endsWith(`.${extension}`)
}
