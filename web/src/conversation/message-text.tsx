import { LinkifyIt } from 'linkify-it'
import { Fragment, type ReactNode } from 'react'

const links = new LinkifyIt({ fuzzyLink: true })
const MENTION = /(^|[^\w@])@([A-Za-z0-9_.-]{3,32})/g

interface Props {
  text: string
  mentions: readonly { username: string }[]
  /** What is told after its end. */
  children?: ReactNode
}

/** Plain text with its web addresses and mentions made out. React escapes all of it. */
export function MessageText({ text, mentions, children }: Props) {
  const names = new Set(mentions.map(({ username }) => username.toLowerCase()))
  const parts: ReactNode[] = []
  let end = 0
  for (const { index, lastIndex, url, text: shown, schema } of links.match(text) ?? []) {
    if (schema !== 'mailto:' && !/^https?:/i.test(url)) continue
    parts.push(<Fragment key={end}>{markMentions(text.slice(end, index), names)}</Fragment>)
    parts.push(
      <a key={`link ${index}`} href={url} target="_blank" rel="noopener noreferrer nofollow">
        {shown}
      </a>,
    )
    end = lastIndex
  }
  return (
    <p className="message-text" dir="auto">
      {parts}
      {markMentions(text.slice(end), names)}
      {children}
    </p>
  )
}

function markMentions(text: string, names: ReadonlySet<string>): ReactNode[] {
  const parts: ReactNode[] = []
  let end = 0
  for (const match of text.matchAll(MENTION)) {
    const [, before = '', name = ''] = match
    const known = [name, name.replace(/[.-]+$/, '')].find((form) => names.has(form.toLowerCase()))
    if (!known) continue
    const start = match.index + before.length
    parts.push(text.slice(end, start), <mark key={start}>@{known}</mark>)
    end = start + 1 + known.length
  }
  return [...parts, text.slice(end)]
}
