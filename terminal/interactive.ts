import { ListeningError } from '../examples/resume.ts'
import { type CommandContext, runCommand } from './commands.ts'
import { openConversation } from './conversation.ts'
import { harmless } from './harmless.ts'
import { type LiveEvent, listenToInbox } from './live.ts'
import { createOutbox } from './outbox.ts'
import { isOfPlace, type Place, placeName } from './place.ts'
import { renderPreview, shorten } from './render.ts'
import { createScreen } from './screen.ts'
import type { Session } from './session.ts'
import { bold, dim, red } from './style.ts'

// The server ends each connection whose token has run out: nobody need hear of that.
const GRACE = 1_000 // ms without a line that aren't told
const MOST_PENDING = 5 // lines of messages under way that are shown

/**
 * Somebody at a terminal. Resolves when he leaves.
 * @param start the conversation to begin with, and those that he was shown with numbers already
 * @throws ListeningError where the session is over
 */
export async function runInteractive(session: Session, start: { first: Place; listed: Place[] }): Promise<void> {
  const { request, user } = session
  const stopping = new AbortController()
  const left = Promise.withResolvers<void>()
  let isLeaving = false
  let isLost = false
  let lostTimer: NodeJS.Timeout | undefined
  /** Own messages that have come back by the other way, while their acknowledgements are still under way. */
  const noticed = new Set<string>()

  const { stdin: input, stdout: output } = process
  const screen = createScreen({ input, output, prompt: '> ', onEnter, onLeave: leave, onEnd: left.resolve })
  const note = (text: string) => screen.print(dim(`· ${text}`))
  const complain = (text: string) => screen.print(red(`! ${harmless(text)}`))
  let current = openConversation(request, start.first, screen.print)
  let loading: Promise<unknown> = Promise.resolve()

  const outbox = createOutbox(request, {
    onChange: showState,
    async onSent({ place, clientId }, message) {
      noticed.delete(clientId)
      place.id = message.conversation.id
      await loading
      if (place.id === current.place.id) current.take(message)
    },
    onRefused({ content }, error) {
      complain(`Not sent: “${shorten(content)}”. ${error.message}`)
    },
  })

  const unsent = () => outbox.pending.filter(({ clientId }) => !noticed.has(clientId))

  function showState() {
    const pending = unsent()
    const lines = pending.slice(0, MOST_PENDING).map(({ content }) => dim(`    … ${shorten(content)}`))
    const more = pending.length - lines.length
    const line = isLost ? [dim('· No connection: trying again')] : []
    screen.keep([...lines, ...(more > 0 ? [dim(`    … and ${more} more`)] : []), ...line])
  }

  async function onEvent({ type, message }: LiveEvent): Promise<void> {
    await loading
    const { conversation } = message
    const isOwn = message.sender.id === user.id
    if (isOwn && type === 'CREATED') noticeOwn(message.content)
    if (await isOfPlace(request, current.place, message)) return current.take(message)
    if (type !== 'CREATED' || isOwn || message.kind === 'SYSTEM') return
    const where =
      conversation.__typename === 'Group' ? `#${harmless(conversation.name)}` : `@${message.sender.username}`
    note(`${renderPreview(message)}  (/switch ${where})`)
  }

  function noticeOwn(text: string | null) {
    const same = outbox.pending.find(({ clientId, content }) => content === text && !noticed.has(clientId))
    if (same) noticed.add(same.clientId)
    showState()
  }

  async function switchTo(place: Place): Promise<void> {
    current = openConversation(request, place, screen.print)
    screen.print(bold(placeName(place)))
    await load()
  }

  /** What comes meanwhile is shown after it. */
  async function load(): Promise<void> {
    const loaded = current.load()
    loading = loaded.catch(() => {})
    await loaded
  }

  function onEnter(text: string) {
    if (!text.startsWith('/') || text.startsWith('//')) {
      outbox.add(current.place, text.startsWith('//') ? text.slice(1) : text)
      return
    }
    runCommand(context, text).catch((error: Error) => complain(error.message))
  }

  const context: CommandContext = {
    request,
    userId: user.id,
    listed: start.listed,
    print: screen.print,
    current: () => current,
    switchTo,
    send: (content, replyToId) => void outbox.add(current.place, content, replyToId),
    leave,
    signOut: () => session.end().finally(() => left.resolve()),
  }

  function leave() {
    if (outbox.pending.length > 0 && !isLeaving) {
      isLeaving = true
      return note('Something is still to be sent: leave once more to leave it.')
    }
    left.resolve()
  }

  screen.print(dim(`You are ${harmless(user.username)}. /help lists what can be done, /quit leaves.`))
  const listening = listenToInbox({
    session,
    signal: stopping.signal,
    onEvent,
    onLine() {
      clearTimeout(lostTimer)
      if (isLost) note('Connected again: nothing was missed.')
      isLost = false
      showState()
      outbox.retry()
    },
    onLost() {
      lostTimer = setTimeout(() => {
        isLost = true
        showState()
      }, GRACE)
    },
    load: (isFirst) => (isFirst ? switchTo(start.first) : load()),
  })
  try {
    await Promise.race([left.promise, listening])
  } catch (error) {
    throw error instanceof ListeningError ? new ListeningError(harmless(error.message), error.code) : error
  } finally {
    stopping.abort()
    clearTimeout(lostTimer)
    screen.close()
    for (const { content } of unsent()) console.error(`Perhaps not sent: “${shorten(content)}”`)
  }
}
