import { ApiError } from './api.ts'
import { harmless, harmlessJson } from './harmless.ts'
import type { LiveEvent } from './live.ts'
import type { PlacedMessage } from './operations.ts'
import { type Place, placeName } from './place.ts'
import { renderMessage } from './render.ts'

/** What happens, a line each on the standard output. docs/TERMINAL.md tells scripts what the JSON looks like. */
export interface EventLines {
  ready(user: { username: string }, place: Place | null): void
  message(event: LiveEvent): void
  /** @param line of the input, from 1 */
  sent(line: number, message: PlacedMessage): void
  refused(line: number, error: Error): void
  connection(state: 'lost' | 'back' | 'gap'): void
}

export function createEventLines(json: boolean): EventLines {
  return json ? jsonLines() : plainLines()
}

function jsonLines(): EventLines {
  const print = (event: object) => console.log(harmlessJson(event))
  return {
    ready: ({ username }, place) =>
      print({ event: 'ready', user: username, conversation: place && { id: place.id, name: placeName(place) } }),
    message: ({ type, cursor, message }) =>
      print({ event: type.toLowerCase(), cursor, message: plainMessage(message) }),
    sent: (line, message) => print({ event: 'sent', line, message: plainMessage(message) }),
    refused: (line, error) => {
      const code = error instanceof ApiError ? error.code : null
      print({ event: 'refused', line, code, reason: error.message })
    },
    connection: (state) => print({ event: 'connection', state }),
  }
}

/** For people who read along; what concerns the line goes to the error output. */
function plainLines(): EventLines {
  return {
    ready: ({ username }, place) => console.error(`${username} listens to ${place ? placeName(place) : 'all'}.`),
    message: ({ type, message }) => {
      if (type === 'CREATED') console.log(renderMessage(message))
    },
    sent: () => {},
    refused: (line, error) => console.error(`Line ${line} was not sent: ${harmless(error.message)}`),
    connection: (state) =>
      console.error({ lost: 'No connection.', back: 'Connected again.', gap: 'Some were missed.' }[state]),
  }
}

function plainMessage({ conversation, sender, replyTo, ...message }: PlacedMessage) {
  return {
    ...message,
    sender: { username: sender.username, displayName: sender.displayName },
    replyTo: replyTo?.seq ?? null,
    conversation: {
      id: conversation.id,
      kind: conversation.__typename === 'Group' ? 'group' : 'direct',
      name: conversation.__typename === 'Group' ? conversation.name : null,
    },
  }
}
