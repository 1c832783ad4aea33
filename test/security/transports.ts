import type { GraphQLFormattedError } from 'graphql'
import { expect } from 'vitest'
import { openBareSocket, openSignedInSocket } from '../support/bare-socket.ts'
import type { TestServer } from '../support/testkit.ts'

/** The ways on which every rule holds. */
export const TRANSPORTS = ['HTTP', 'SSE', 'WebSocket'] as const

export type Transport = (typeof TRANSPORTS)[number]

export interface Attempt {
  [more: string]: unknown
  query: string
  variables?: Record<string, unknown>
  operationName?: string
}

interface Answer {
  data?: unknown
  errors?: readonly GraphQLFormattedError[]
}

/**
 * The first answer to an operation.
 * @param operation also as JSON already, for what can't be made otherwise
 * @param accessToken of the attacker, where he is signed in
 */
export async function attempt(
  transport: Transport,
  { url }: TestServer,
  operation: Attempt | string,
  accessToken?: string,
): Promise<Answer> {
  const body = typeof operation === 'string' ? operation : JSON.stringify(operation)
  if (transport === 'WebSocket') return overSocket(url, body, accessToken)
  const isSse = transport === 'SSE'
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: isSse ? 'text/event-stream' : 'application/json',
      ...(accessToken && { authorization: `Bearer ${accessToken}` }),
    },
    body,
  })
  const text = await response.text()
  return JSON.parse(isSse ? (/^data: (\{.*)$/m.exec(text)?.[1] ?? text) : text)
}

/** What comes after an operation that was refused is answered: the socket is as it was. */
async function overSocket(url: string, payload: string, accessToken: string | undefined): Promise<Answer> {
  const socket = accessToken ? await openSignedInSocket(url, accessToken) : await openBareSocket(url)
  if (!accessToken) {
    socket.send({ type: 'connection_init' })
    await socket.next()
  }
  socket.send(`{"type":"subscribe","id":"attempt","payload":${payload}}`)
  const { type, payload: answer } = await socket.next()
  if (type !== 'error') return answer as Answer
  socket.send({ type: 'ping' })
  await socket.next()
  socket.socket.terminate()
  return { errors: answer as GraphQLFormattedError[] }
}

/** What is answered where an operation is beyond a limit: no data, and an error that says the limit. */
export function refusal(limit: string, max: number, actual?: number) {
  const said = new RegExp(`^An operation’s ${limit} may be ${max} at most[,:] .+\\.$`)
  const extensions = { code: 'OPERATION_TOO_COMPLEX', limit, max, ...(actual !== undefined && { actual }) }
  return { errors: [{ message: expect.stringMatching(said), extensions }] }
}
