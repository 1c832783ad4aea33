import type { Audience, Receive } from './audience.ts'
import { openRawSocket, type RawSocket } from './raw-socket.ts'

export const PROTOCOL = 'graphql-transport-ws'

/** A subscription to start; its frames go to the audience. */
export interface Subscription {
  id: string
  query: string
  variables: object
  audience: Audience
}

export interface GraphQLSocket {
  /** Runs a query or mutation. Rejects where the answer has errors. */
  request(query: string, variables?: object): Promise<unknown>
  readonly raw: RawSocket
}

interface Pending {
  data?: unknown
  resolve: (data: unknown) => void
  reject: (error: Error) => void
}

/** Opens a socket and signs in on it. @param onPong hears of each answer to a `ping` */
export async function openGraphQLSocket(
  url: string,
  token: string | null,
  {
    routes = new Map(),
    onFailure,
    onPong,
  }: { routes?: Map<string, Receive>; onFailure?: (error: Error) => void; onPong?: () => void } = {},
): Promise<GraphQLSocket> {
  const pending = new Map<string, Pending>()
  const acknowledged = Promise.withResolvers<void>()
  let requests = 0

  function fail(error: Error) {
    acknowledged.reject(error)
    for (const { reject } of pending.values()) reject(error)
    onFailure?.(error)
  }

  function answer(text: string) {
    const { id, type, payload } = JSON.parse(text) as {
      id?: string
      type: string
      payload?: { data?: unknown; errors?: unknown }
    }
    if (type === 'connection_ack') return acknowledged.resolve()
    const request = pending.get(id ?? '')
    if (!request) throw new Error(`A frame for nobody: ${text}`)
    if (type === 'next' && !payload?.errors) request.data = payload?.data
    else {
      pending.delete(id ?? '')
      if (type === 'complete') request.resolve(request.data)
      else request.reject(new Error(`A request failed: ${text}`))
    }
  }

  const raw = await openRawSocket(`${url}/graphql`, PROTOCOL, {
    onFailure: fail,
    ...(onPong && { onPong }),
    onText(buffer, start, end) {
      const receive = routes.get(operationId(buffer, start, end))
      if (receive) receive(buffer, start, end)
      else answer(buffer.toString('utf8', start, end))
    },
  })
  raw.send(JSON.stringify({ type: 'connection_init', ...(token && { payload: { authorization: `Bearer ${token}` } }) }))
  await acknowledged.promise

  return {
    raw,
    request(query, variables = {}) {
      const id = `r${requests++}`
      raw.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }))
      return new Promise((resolve, reject) => pending.set(id, { resolve, reject }))
    },
  }
}

/** Resolves once the server has taken the subscriptions up: a request after them is answered. */
export async function subscribeAll(
  url: string,
  token: string | null,
  subscriptions: Subscription[],
): Promise<RawSocket> {
  const routes = new Map(subscriptions.map(({ id, audience }) => [id, audience.join()]))
  const onFailure = (error: Error) => {
    for (const { audience } of subscriptions) audience.fail(error)
  }
  const { raw, request } = await openGraphQLSocket(url, token, { routes, onFailure })
  for (const { id, query, variables } of subscriptions) {
    raw.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }))
  }
  await request('{ __typename }')
  return raw
}

const START = Buffer.from('{"id":"')
const QUOTE = 0x22

/** graphql-ws writes the operation's id first, so that it is found without parsing. */
function operationId(buffer: Buffer, start: number, end: number): string {
  const from = start + START.length
  if (buffer.compare(START, 0, START.length, start, Math.min(from, end)) === 0) {
    return buffer.toString('latin1', from, buffer.indexOf(QUOTE, from))
  }
  return (JSON.parse(buffer.toString('utf8', start, end)) as { id?: string }).id ?? ''
}
