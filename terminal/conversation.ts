import type { Request } from './api.ts'
import { loadHistory, markRead, type ShownMessage } from './operations.ts'
import { type Place, placeName } from './place.ts'
import { renderChange, renderDay, renderMessage } from './render.ts'
import { dim } from './style.ts'
import { createTimeline } from './timeline.ts'

const PAGE = 20 // messages

/** The conversation that is on the screen. */
export interface OpenConversation {
  readonly place: Place
  /** Shows its newest messages: all that there are now, where some were shown before. */
  load(): Promise<void>
  /** Shows the page before the oldest shown. */
  loadOlder(): Promise<void>
  /** Shows what is new about a message, if anything, and what was shown counts as read. */
  take(message: ShownMessage): void
  /** @param reference a message's number, or `.` for the newest one that fits. @throws Error with what to write instead */
  find(reference: string, fits?: (message: ShownMessage) => boolean): ShownMessage
}

/** @param print puts a text on the screen */
export function openConversation(request: Request, place: Place, print: (text: string) => void): OpenConversation {
  const timeline = createTimeline()
  let oldest: { startCursor: string | null; hasPreviousPage: boolean } | null = null
  let newest: ShownMessage | undefined
  let readSeq = 0
  let isMarking = false

  async function page(last: number, before: string | null) {
    const { node } = place.id === null ? { node: null } : await request(loadHistory, { id: place.id, last, before })
    return node && 'messages' in node ? node : null
  }

  function show(message: ShownMessage) {
    const day = renderDay(message, newest)
    print([...(day ? [day] : []), renderMessage(message)].join('\n'))
    newest = message
  }

  /** One request at a time, for all that was shown meanwhile; where it fails, the next message brings the next. */
  async function noteRead(): Promise<void> {
    const { id } = place
    if (isMarking || id === null) return
    isMarking = true
    try {
      while (readSeq < timeline.lastSeq) {
        const upToSeq = timeline.lastSeq
        await request(markRead, { conversationId: id, upToSeq })
        readSeq = upToSeq
      }
    } catch {
    } finally {
      isMarking = false
    }
  }

  return {
    place,

    async load() {
      const loaded = await page(PAGE, null)
      const messages = loaded?.messages.edges.map(({ node }) => node) ?? []
      const first = messages[0]
      if (first && timeline.lastSeq > 0 && first.seq > timeline.lastSeq + 1)
        print(dim('… /more shows what lies between'))
      if (timeline.lastSeq === 0 || (first && first.seq > timeline.lastSeq)) oldest = loaded?.messages.pageInfo ?? null
      if (!first) print(dim(`Nothing in ${placeName(place)} yet: write the first message.`))
      timeline.load(messages).forEach(show)
      void noteRead()
    },

    async loadOlder() {
      const loaded = oldest?.hasPreviousPage ? await page(PAGE, oldest.startCursor) : null
      if (!loaded) return print(dim('This is the beginning.'))
      oldest = loaded.messages.pageInfo
      const messages = timeline.load(loaded.messages.edges.map(({ node }) => node))
      const lines = messages.flatMap((message, index) => [
        ...[renderDay(message, messages[index - 1]) ?? []].flat(),
        renderMessage(message),
      ])
      print([dim('— earlier —'), ...lines, dim('— now —')].join('\n'))
    },

    take(message) {
      const change = timeline.take(message)
      if (change === 'new') show(message)
      else if (change) print(renderChange(change, message))
      void noteRead()
    },

    find(reference, fits = () => true) {
      const number = reference.replace(/^#/, '')
      const message = number === '.' ? timeline.findLast(fits) : timeline.find(Number(number))
      if (message) return message
      throw new Error(`${reference || 'Nothing'} is no message shown here: give its number, or . for the newest.`)
    },
  }
}
