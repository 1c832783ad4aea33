import { harmless, harmlessLines } from './harmless.ts'
import type { ShownMessage } from './operations.ts'
import { dim, inColourOf } from './style.ts'
import type { Change } from './timeline.ts'

const NUMBER_WIDTH = 5 // columns
const LONGEST_QUOTE = 40 // characters

const [timeFormat, dayFormat] = [{ timeStyle: 'short' } as const, { dateStyle: 'full' } as const].map(
  (style) => new Intl.DateTimeFormat('en-GB', style),
)

/** A message: its number, time, sender and text, whose further lines are indented. */
export function renderMessage(message: ShownMessage): string {
  const { seq, kind, sender, createdAt, replyTo } = message
  const head = `${renderNumber(seq)} ${dim(timeFormat?.format(new Date(createdAt)) ?? '')}`
  if (kind === 'SYSTEM') return `${head} ${dim(`* ${renderName(sender)} ${harmless(message.content ?? '')}`)}`
  const quote = replyTo
    ? dim(`↪ ${harmless(replyTo.sender.displayName)}: ${shorten(replyTo.content ?? 'deleted')} · `)
    : ''
  return `${head} ${inColourOf(sender.username, renderName(sender))}  ${quote}${renderText(message)}${renderReactions(message)}`
}

/** What has become of a message that was shown before. */
export function renderChange(change: Change, message: ShownMessage): string {
  if (change === 'new') return renderMessage(message)
  const head = `${renderNumber(message.seq)} ${dim(`${renderName(message.sender)}’s message`)}`
  if (change === 'deleted') return `${head} ${dim('was deleted')}`
  if (change === 'edited') return `${head} ${dim('now reads:')} ${renderText(message)}`
  return `${head}${renderReactions(message) || dim(' has no reactions any more')}`
}

/** The day, where it is another one than that of the message before. */
export function renderDay({ createdAt }: ShownMessage, before: ShownMessage | undefined): string | null {
  const [day, dayBefore] = [createdAt, before?.createdAt].map((at) => at && dayFormat?.format(new Date(at)))
  return day === dayBefore ? null : dim(`${' '.repeat(NUMBER_WIDTH)} — ${day} —`)
}

/** A message that lies elsewhere, or in a list, in one line. */
export function renderPreview({ sender, content }: { sender: { displayName: string }; content: string | null }) {
  return `${harmless(sender.displayName)}: ${shorten(content ?? '…')}`
}

/** Names can be anything, usernames can't: both where one might be taken for another. */
export function renderName({ username, displayName }: { username: string; displayName: string }): string {
  const name = harmless(displayName)
  return name.toLowerCase() === username.toLowerCase() ? name : `${name} (@${harmless(username)})`
}

/** The start of a text. */
export function shorten(text: string): string {
  const characters = [...harmless(text)]
  return characters.length > LONGEST_QUOTE ? `${characters.slice(0, LONGEST_QUOTE).join('')}…` : characters.join('')
}

function renderNumber(seq: number): string {
  return dim(String(seq).padStart(NUMBER_WIDTH))
}

function renderText({ content, mediaUrl, kind, deletedAt, editedAt }: ShownMessage): string {
  if (deletedAt) return dim('deleted')
  const media = mediaUrl ? [dim(`[${kind.toLowerCase()}] ${harmless(mediaUrl)}`)] : []
  const text = content ? [harmlessLines(content).join(`\n${' '.repeat(NUMBER_WIDTH + 1)}│ `)] : []
  return [...text, ...media, ...(editedAt ? [dim('(edited)')] : [])].join(' ')
}

function renderReactions({ reactions }: ShownMessage): string {
  if (reactions.length === 0) return ''
  return dim(`  ${reactions.map(({ emoji, count }) => `${emoji} ${count}`).join('  ')}`)
}
