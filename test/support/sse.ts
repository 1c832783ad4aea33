import { createEventQueue } from './event-queue.ts'
import type { TypedDocumentString } from './graphql.ts'
import type { Listener } from './live-client.ts'
import { type Answer, bodyOf, dataOf, type Variables } from './operation.ts'

/** Listens over server-sent events (graphql-sse's distinct connections mode). */
export function listenOverSse<Data, V extends Variables>(
  url: string,
  headers: Record<string, string>,
  document: TypedDocumentString<Data, V>,
  variables: V | undefined,
): Listener<Data> {
  const { queue, sink } = createEventQueue<Data>()
  const ready = Promise.withResolvers<void>()
  ready.promise.catch(() => {})
  const abort = new AbortController()

  async function read() {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify(bodyOf(document, variables)),
      signal: abort.signal,
    })
    if (!response.body) throw new Error(`No body: ${response.status}`)
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
      dataOf((await response.json()) as Answer<Data>)
      throw new Error(`No event stream: ${response.status}`)
    }
    ready.resolve()
    for await (const { event, data } of parseEvents(response.body)) {
      if (event === 'complete') return
      sink.push(dataOf(JSON.parse(data) as Answer<Data>))
    }
  }

  let isOver = false
  const reading = read().then(sink.complete, (error: Error) => {
    if (abort.signal.aborted) return sink.complete()
    ready.reject(error)
    sink.fail(error)
  })
  void reading.finally(() => {
    isOver = true
  })
  return { ...queue, ready: ready.promise, close: () => isOver || abort.abort() }
}

/** Events end with a blank line; they are lines of `field: value`, or comments of lines that start with a colon. */
async function* parseEvents(body: NonNullable<Response['body']>) {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const fieldOf = (field: string) => new RegExp(`^${field}: ?(.*)$`, 'm').exec(block)?.[1]
      const data = fieldOf('data')
      if (data !== undefined) yield { event: fieldOf('event'), data }
    }
  }
}
