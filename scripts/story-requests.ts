import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

export interface Request {
  query: string
  variables: Record<string, unknown>
}

/** The error of an operation that was refused. */
export interface Refusal {
  message: string
  extensions: { code: string; field?: string }
}

interface Answer {
  data?: object | null
  errors?: readonly Refusal[]
}

/** @throws Error where the operation fails */
export async function ask(url: string, request: Request, token?: string): Promise<object> {
  return dataOf(await post(url, request, token), request)
}

/** @throws Error where it doesn’t fail with that code */
export async function askInVain(url: string, request: Request, code: string, token?: string): Promise<Refusal> {
  const [error] = (await post(url, request, token)).errors ?? []
  if (error?.extensions.code === code) return error
  throw new Error(`${error?.extensions.code ?? 'Nothing'} instead of ${code}: ${request.query}`)
}

async function post(url: string, request: Request, token?: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) })
  return (await response.json()) as Answer
}

/** Resolves once the server listens: an answer tells so of all that was subscribed to before. */
export async function listen(url: string, request: Request, token = ''): Promise<{ event: Promise<object> }> {
  const connectionParams = { authorization: `Bearer ${token}` }
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams })
  const events = client.iterate(request)
  const event = events.next().then(({ value }) => {
    void client.dispose()
    return dataOf(value, request)
  })
  event.catch(() => {}) // whoever awaits it is told
  await client.iterate({ query: '{ __typename }' }).next()
  return { event }
}

function dataOf({ data, errors }: Answer, { query }: Request): object {
  if (!data || errors) throw new Error(`${errors?.[0]?.message} ${query}`)
  return data
}
