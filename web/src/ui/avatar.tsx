import { isOwnAddress } from './media-address.ts'
import './avatar.css'

const HUES = 12

/** A picture, or the first letter of the name on a colour of its own. The name beside it tells who it is. */
export function Avatar({ name, url, size = 36 }: { name: string; url?: string | null | undefined; size?: number }) {
  const style = { width: size, height: size, fontSize: size * 0.42 }
  if (url && isOwnAddress(url)) return <img className="avatar" src={url} alt="" loading="lazy" style={style} />
  return (
    <span className={`avatar avatar-${hueOf(name)}`} aria-hidden="true" style={style}>
      {[...name.trim()][0]?.toUpperCase() ?? '?'}
    </span>
  )
}

function hueOf(name: string): number {
  let sum = 0
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9_973
  return sum % HUES
}
