import { viewer } from '../auth/operations.ts'
import { openBareSocket } from '../support/bare-socket.ts'
import type { TestServer } from '../support/testkit.ts'

/** How a token can be shown, and what comes of one that is refused everywhere. */
export const REFUSED_EVERYWHERE = {
  http: 'UNAUTHENTICATED',
  sse: 'UNAUTHENTICATED',
  upload: 401,
  'socket, in its parameters': 4403,
  'socket, in its header': 4403,
  'socket, in its address': 4403,
}

export const WELCOME_EVERYWHERE = {
  http: 'welcome',
  sse: 'welcome',
  upload: 'welcome',
  'socket, in its parameters': 'welcome',
  'socket, in its header': 'welcome',
  'socket, in its address': 'welcome',
}

/** Shows a token at every way in. @returns what came of it: welcome, or how it was refused */
export async function tryEverywhere(
  { url, withToken }: TestServer,
  token: string,
): Promise<Record<keyof typeof REFUSED_EVERYWHERE, unknown>> {
  const authorization = `Bearer ${token}`
  const [http, sse, upload, ...sockets] = await Promise.all([
    outcome(withToken(token).request(viewer)),
    outcome(withToken(token).listenOverSse(viewer).next()),
    fetch(new URL('/media?name=a.txt', url), { method: 'POST', headers: { authorization }, body: 'Hello' }).then(
      ({ status }) => (status === 201 ? 'welcome' : status),
    ),
    introduce(url, { payload: { authorization } }),
    introduce(url, { headers: { authorization } }),
    introduce(url, { query: `?token=${encodeURIComponent(token)}` }),
  ])
  const [inParameters, inHeader, inAddress] = sockets
  return {
    http,
    sse,
    upload,
    'socket, in its parameters': inParameters,
    'socket, in its header': inHeader,
    'socket, in its address': inAddress,
  }
}

async function outcome(asking: Promise<unknown>): Promise<unknown> {
  return asking.then(
    () => 'welcome',
    (error) => error.code ?? error,
  )
}

async function introduce(
  url: string,
  { payload, ...upgrade }: { payload?: object; query?: string; headers?: Record<string, string> },
): Promise<unknown> {
  const { send, next, closed } = await openBareSocket(url, upgrade)
  send(JSON.stringify({ type: 'connection_init', ...(payload && { payload }) }))
  const acknowledged = next().then(
    ({ type, payload: ack }) => (type === 'connection_ack' && Object(ack).user ? 'welcome' : 'a stranger'),
    () => closed,
  )
  return Promise.race([acknowledged, closed])
}
