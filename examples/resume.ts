// Listening without a gap, to copy into a client that uses graphql-ws. See docs/RELIABILITY.md.
import { type Client, createClient, type SubscribePayload } from 'graphql-ws'

export interface ConnectOptions {
  /** `ws://…/graphql` */
  url: string
  /** A valid access token, fresh where the old one expires. Throws a ListeningError where the session is over. */
  getToken: () => string | Promise<string>
  keepAlive?: number // ms between two looks whether the line is alive
}

/** One socket for all that is listened to, open while something is. `listen` sees to coming back. */
export function connect({ url, getToken, keepAlive = 10_000 }: ConnectOptions): Client {
  let silence: ReturnType<typeof setTimeout>
  const client = createClient({
    url,
    connectionParams: async () => ({ authorization: `Bearer ${await getToken()}` }),
    connectionAckWaitTimeout: 10_000, // ms
    retryAttempts: 0, // graphql-ws would ask for the old cursor again
    keepAlive,
    on: {
      // A line that died without a word looks like one on which nobody writes.
      ping: (isReceived) => {
        if (!isReceived) silence = setTimeout(() => client.terminate(), keepAlive)
      },
      pong: () => clearTimeout(silence),
      closed: () => clearTimeout(silence),
    },
  })
  return client
}

export interface ListenOptions<Event> {
  client: Client
  /** A subscription to one field that takes `$after` and selects `cursor`. */
  query: string
  variables?: Record<string, unknown>
  /** The one that came with what was loaded, or the one saved last. */
  cursor: string
  onEvent: (event: Event) => unknown
  saveCursor: (cursor: string) => unknown
  /** Stops it. */
  signal?: AbortSignal
}

/**
 * Hands each event after the cursor to `onEvent`, once and in order, whatever happens to the line. An event
 * that `onEvent` fails on isn't saved, so that it comes again next time; what it hasn't come to yet waits in
 * memory. Resolves when it was stopped, or when the server has nothing more to tell, as after a removal.
 * @throws ListeningError where coming back can't help, or what `onEvent` throws
 */
export async function listen<Event extends { cursor: string }>(options: ListenOptions<Event>): Promise<void> {
  const { client, query, variables, cursor, onEvent, saveCursor, signal } = options
  for await (const data of resume<Event>(client, { query, variables: { ...variables, after: cursor } }, signal)) {
    for (const event of Object.values(data)) {
      await onEvent(event)
      await saveCursor(event.cursor)
    }
  }
}

/** For what has a way of listening of its own, as Apollo Client and urql: each subscription with an `$after` resumes. */
export function resuming(client: Client): Client {
  return {
    ...client,
    subscribe(payload, sink) {
      if (typeof payload.variables?.['after'] !== 'string') return client.subscribe(payload, sink)
      const stopping = new AbortController()
      const forward = async () => {
        for await (const data of resume(client, payload, stopping.signal)) {
          sink.next({ data } as Parameters<typeof sink.next>[0])
        }
      }
      forward().then(
        () => sink.complete(),
        (error) => sink.error(error),
      )
      return () => stopping.abort()
    },
  }
}

const LONGEST_PAUSE = 30_000 // ms

async function* resume<Event extends { cursor: string }>(
  client: Client,
  payload: SubscribePayload,
  signal?: AbortSignal,
) {
  let { variables } = payload
  let failures = 0
  let interrupt = () => {}
  signal?.addEventListener('abort', () => interrupt())
  while (!signal?.aborted) {
    const begun = Date.now()
    const answers = client.iterate<Record<string, Event>>({ ...payload, variables })
    interrupt = () => void answers.return?.()
    try {
      for await (const { data, errors } of answers) {
        if (signal?.aborted) return
        if (!data || errors) throw toListeningError(errors)
        const [event] = Object.values(data)
        if (!event?.cursor) throw new ListeningError('The subscription must select the event’s cursor.', 'NO_CURSOR')
        yield data
        variables = { ...variables, after: event.cursor }
        failures = 0
      }
      return
    } catch (error) {
      const failure = toListeningError(error)
      if (!failure.isTemporary) throw failure
    } finally {
      // Until then graphql-ws keeps the next socket open for it, even though it has failed.
      await answers.return?.()
    }
    if (Date.now() - begun > LONGEST_PAUSE) failures = 0
    // At random, so that a server that comes back isn't met by everybody at once.
    const pause = Math.random() * Math.min(LONGEST_PAUSE, 200 * 2 ** failures++)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause)
      interrupt = () => resolve(clearTimeout(timer))
    })
  }
}

/** Why listening ended, or has to begin anew. */
export class ListeningError extends Error {
  /** The server's error code, or the code that the socket was closed with. After BAD_USER_INPUT, load anew. */
  readonly code: unknown
  /** Whether all it takes is to come back with the last cursor. */
  readonly isTemporary: boolean

  constructor(message: string, code: unknown, isTemporary = false) {
    super(message)
    this.code = code
    this.isTemporary = isTemporary
  }
}

const TEMPORARY = ['INTERNAL_SERVER_ERROR', 'RATE_LIMITED']
const CLIENT_AT_FAULT = [1009, 4400, 4401, 4406, 4409, 4429] // the protocol's; any other close is the line's or the server's

/** From GraphQL errors, a close event, or what went wrong on the line. */
function toListeningError(error: unknown): ListeningError {
  if (error instanceof ListeningError) return error
  if (Array.isArray(error)) {
    const { message, extensions } = error[0]
    return new ListeningError(message, extensions?.code, TEMPORARY.includes(extensions?.code))
  }
  const { code, reason, message } = Object(error)
  return new ListeningError(reason || message || 'No connection', code, !CLIENT_AT_FAULT.includes(code))
}
