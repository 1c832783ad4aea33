import type { TypedDocumentString } from './graphql.ts'
import { createLiveClient, type Listener, type LiveClient } from './live-client.ts'
import { type Answer, bodyOf, dataOf, type Variables, type VariablesOf } from './operation.ts'
import { noteSecretsIn } from './printed.ts'
import { listenOverSse } from './sse.ts'

/** Somebody at a device: requests over HTTP, and one WebSocket of his own. */
export interface Client {
  /** @throws RequestError where the operation fails */
  request<Data, V extends Variables>(
    document: TypedDocumentString<Data, V>,
    ...variables: VariablesOf<V>
  ): Promise<Data>
  listen: LiveClient['listen']
  listenOverSse: LiveClient['listen']
  /** Sends whatever it is given, for what no typed operation can say. */
  post(body: unknown, headers?: Record<string, string>): Promise<Response>
  /** Closes the WebSocket and every stream. */
  close(): void
}

/** @param url where the server takes operations */
export function createClient(url: string, accessToken: string | null): Client {
  const headers: Record<string, string> = accessToken ? { authorization: `Bearer ${accessToken}` } : {}
  const live = createLiveClient(url, accessToken)
  const streams: Listener<unknown>[] = []

  function post(body: unknown, more?: Record<string, string>) {
    return fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers, ...more },
      body: JSON.stringify(body),
    })
  }

  return {
    async request<Data, V extends Variables>(document: TypedDocumentString<Data, V>, ...[variables]: VariablesOf<V>) {
      const body = bodyOf(document, variables)
      const response = await post(body)
      const answer = (await response.json()) as Answer<Data>
      if (/token|password/i.test(body.query)) noteSecretsIn([variables, answer])
      return dataOf(answer)
    },
    listen: live.listen,
    listenOverSse(document, ...[variables]) {
      const listener = listenOverSse(url, headers, document, variables)
      streams.push(listener)
      return listener
    },
    post,
    close() {
      live.close()
      for (const stream of streams) stream.close()
    },
  }
}
