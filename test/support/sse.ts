import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
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

  read().then(sink.complete, (error: Error) => {
    if (abort.signal.aborted) return sink.complete()
    ready.reject(error)
    sink.fail(error)
  })
  return { ...queue, ready: ready.promise, close: () => abort.abort() }
}

/** `event:` and `data:` lines, a blank line after each event; a line with a colon first is a comment. */
async function* parseEvents(body: NonNullable<Response['body']>) {
  let event = 'message'
  let data: string[] = []
  for await (const line of createInterface({ input: Readable.from(body) })) {
    const [, field, value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? []
    if (field === 'event') event = value
    if (field === 'data') data.push(value)
    if (line !== '' || (event === 'message' && data.length === 0)) continue
    yield { event, data: data.join('\n') }
    event = 'message'
    data = []
  }
}
