import type { Message } from '../client/fragments.ts'
import { Icon } from '../ui/icon.tsx'
import { isOwnAddress } from '../ui/media-address.ts'

/** A message's medium: shown where this server has it, else as a link. */
export function MessageMedia({ kind, url, alt }: { kind: Message['kind']; url: string; alt: string }) {
  if (isOwnAddress(url)) {
    if (kind === 'IMAGE') {
      return (
        <a className="message-image" href={url} target="_blank" rel="noopener noreferrer">
          <img src={url} alt={alt} loading="lazy" />
        </a>
      )
    }
    // biome-ignore lint/a11y/useMediaCaption: What people send has no captions.
    if (kind === 'VIDEO') return <video className="message-video" src={url} controls preload="metadata" />
    // biome-ignore lint/a11y/useMediaCaption: What people send has no captions.
    if (kind === 'AUDIO') return <audio src={url} controls preload="metadata" />
  }
  return (
    <a className="message-file" href={url} target="_blank" rel="noopener noreferrer nofollow">
      <Icon name="file" />
      <span>{isOwnAddress(url) ? 'File' : url}</span>
    </a>
  )
}
